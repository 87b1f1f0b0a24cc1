"""An object store of the tests' own: moto's S3, on a port of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "evidence"
URL = f"s3://{BUCKET}/offboard"


@contextmanager
def object_store(port: int = 0) -> Iterator[str]:
    """A server with one empty bucket while the block runs; yields its address. port: any free one when 0."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    try:
        address = "http://{}:{}".format(*server.get_host_and_port())
        client_of(address).create_bucket(Bucket=BUCKET)
        yield address
    finally:
        server.stop()


def environ_of(address: str) -> dict[str, str]:
    """What a process needs in its environment to use the store."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests-secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def client_of(address: str) -> Any:
    """What asks the store by itself, past the robot."""
    found = environ_of(address)
    return boto3.client(
        "s3",
        endpoint_url=address,
        aws_access_key_id=found["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=found["AWS_SECRET_ACCESS_KEY"],
        region_name=found["AWS_DEFAULT_REGION"],
    )


def keys(address: str) -> list[str]:
    """Names of everything in the bucket."""
    pages = client_of(address).get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    return [one["Key"] for page in pages for one in page.get("Contents", [])]
