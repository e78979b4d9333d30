"""One command for all of it: `infobip-voice`."""
