"""`python -m infobip_voice_cli` is `infobip-voice`."""

import sys

from infobip_voice_cli import main

sys.exit(main())
