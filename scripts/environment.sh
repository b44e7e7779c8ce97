# Sourced by what runs the tests: nothing of the installation of whoever runs them reaches them.
# TEST_DATABASE_URL stays: it names a server on which the tests make databases of their own.
unset DATABASE_URL PUBLIC_URL SMTP_URL PORT TRUSTED_PROXIES DEMO
for name in $(env | sed -n 's/^\(CPTS_[A-Za-z0-9_]*\)=.*/\1/p'); do
    unset "$name"
done
# What Python compiles is kept beside the sources: the processes of a run, hundreds of them, compile nothing twice.
unset PYTHONDONTWRITEBYTECODE
