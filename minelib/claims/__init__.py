# SPDX-License-Identifier: MIT
"""The article on trial: every claim tested by a computation or a document.

>>> from minelib import claims
>>> claims.claim("cn_share_may2021_70", "en").verdict
'contradicted'

The rules stand in `minelib.claims.rules`, in words and in code; the functions that apply them
to the tables bear the claims' ids (`registered`).
"""

from minelib.checks.door import door
from minelib.claims.article import check_quotations, pieces, quotation_digest, sections, text
from minelib.claims.chain import chain_claims
from minelib.claims.decisions import decide, registered
from minelib.claims.ledger import annotated, claim, claims, ledger, readings, score
from minelib.claims.rules import RULES, TOLERANCE_PCT, VERDICTS, Outcome, Reading, rule_table
from minelib.claims.statement import Claim
from minelib.claims.trial import Trial

__all__ = ["RULES", "TOLERANCE_PCT", "VERDICTS", "Claim", "Outcome", "Reading", "Trial"]
__all__ += ["annotated", "chain_claims", "check_quotations", "claim", "claims", "decide", "ledger"]
__all__ += ["pieces", "quotation_digest", "readings", "registered", "rule_table", "score"]
__all__ += ["sections", "text"]

door(globals())
