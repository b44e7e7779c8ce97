"""How the cases of phrases.json ask for the sentences of one year against another, and of the registers."""

from cpts_sessions.reports.sentences import comparisons, registers
from cpts_sessions.reports.sentences.grammar import Gender

OF_THE_YEAR = {
    "comparer": lambda e: comparisons.compared(
        comparisons.Counted(e["singulier"], e["pluriel"], Gender(e["genre"])), e["annee"], e["a"], e.get("b")
    ),
    "comparer_taux": lambda e: comparisons.compared_rates(
        e["nom"], comparisons.Rate(e["p"], e["n"], e["annee"]), comparisons.Rate(e["p2"], e["n2"], e["annee2"])
    ),
    "sollicitations": lambda e: registers.requests_sentence(e["n"], e["outils"], e["annee"]),
    "soutien": lambda e: registers.supported_sentence(e["n"], e["annee"]),
    "communications": lambda e: registers.communications_sentence(e.get("liste", []), e["annee"]),
    "part_variable": lambda e: registers.part_variable_sentence(e["montants"]),
}
