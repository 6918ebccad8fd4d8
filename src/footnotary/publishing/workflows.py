"""Workflows that check and publish the site with GitHub or GitLab Pages."""

from footnotary.errors import UsageError

# Actions are pinned by commit: a tag can be moved.
_GITHUB = """\
name: docs

on:
  push:
    branches: [main]
  pull_request:
  workflow_dispatch:

permissions: {}

concurrency:
  group: docs-${{ github.ref }}
  cancel-in-progress: true

jobs:
  build:
    runs-on: ubuntu-24.04
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.13"
      - run: pip install footnotary
      - run: doc check --no-code --format github
      - run: footnotary site build --strict
      - uses: actions/upload-pages-artifact@56afc609e74202658d3ffba0e8f6dda462b719fa # v3.0.1
        with:
          path: site

  publish:
    if: github.event_name != 'pull_request' && github.ref == 'refs/heads/main'
    needs: build
    runs-on: ubuntu-24.04
    permissions:
      pages: write
      id-token: write
    environment:
      name: github-pages
      url: ${{ steps.deployment.outputs.page_url }}
    steps:
      - id: deployment
        uses: actions/deploy-pages@d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e # v4.0.5
"""
_GITLAB = """\
pages:
  image: python:3.13-slim
  script:
    - pip install footnotary
    - doc check --no-code
    - footnotary site build --strict --site-dir public
  artifacts:
    paths: [public]
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
"""


def workflow(host: str) -> tuple[str, str]:
    """Return where a workflow goes and what it says.

    Args:
        host: `github` or `gitlab`.

    Raises:
        UsageError: Another name.
    """
    known = {
        "github": (".github/workflows/docs.yml", _GITHUB),
        "gitlab": (".gitlab-ci.yml", _GITLAB),
    }
    if host not in known:
        raise UsageError(f"There is no workflow for {host!r}.", hint="There are github and gitlab.")
    return known[host]
