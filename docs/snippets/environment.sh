. .venv/bin/activate
export INFOBIP_BASE_URL=http://127.0.0.1:8080
export INFOBIP_USERNAME=Aladdin INFOBIP_PASSWORD='open sesame'
