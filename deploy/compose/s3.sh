#!/bin/sh
# Starts SeaweedFS as an S3 with one account, MLflow's. The secret is in no argument, only in a file in memory.
set -eu
umask 077
printf '{"identities": [{"name": "mlflow", "credentials": [{"accessKey": "%s", "secretKey": "%s"}], "actions": ["Admin", "Read", "Write", "List"]}]}' \
  "$(cat /run/secrets/s3_key)" "$(cat /run/secrets/s3_secret)" > /tmp/s3.json
exec weed server -dir=/data -ip.bind=0.0.0.0 -volume.max=0 -s3 -s3.port=8333 -s3.config=/tmp/s3.json
