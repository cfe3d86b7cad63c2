"""Storage that speaks S3, for a test: one bucket, "rates", that everybody may read and one account may write.

Prints its port. A line "away" on standard input closes the port, "back" opens it again with what was stored; each is answered
with the word.
"""

import json
import sys

import boto3
from moto.server import ThreadedMotoServer


def answer(port):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    return server


server = answer(0)
port = server.get_host_and_port()[1]
store = boto3.client(
    "s3",
    endpoint_url=f"http://127.0.0.1:{port}",
    region_name="us-east-1",
    aws_access_key_id="writer",
    aws_secret_access_key="secret",
)
store.create_bucket(Bucket="rates")
readers = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::rates/*"}
store.put_bucket_policy(
    Bucket="rates", Policy=json.dumps({"Version": "2012-10-17", "Statement": [readers]})
)
print(port, flush=True)
for line in sys.stdin:
    if line.strip() == "away":
        server.stop()
    else:
        server = answer(port)
    print(line.strip(), flush=True)
