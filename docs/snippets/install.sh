python3 -m venv .venv
. .venv/bin/activate
pip install 'infobip-voice[mock]'
infobip-voice mock
