"""Workflows that check and publish the site with GitHub or GitLab Pages."""

from footnotary import __version__
from footnotary.errors import UsageError

# Actions are pinned by commit: a tag can be moved. The project's own code runs in `check` alone,
# which may write nothing; `report` and `publish` have rights and run nothing of the project. The
# default branch is the repository's, whatever it is called.
_GITHUB = """\
name: docs

on:
  push:
  pull_request:
  workflow_dispatch:

permissions: {}

concurrency:
  group: docs-${{ github.ref }}
  cancel-in-progress: true

jobs:
  check:
    if: >-
      github.event_name != 'push' || github.ref_name == github.event.repository.default_branch
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
      - name: Install footnotary
        run: pip install --quiet footnotary==VERSION
      - name: Install the project
        run: footnotary install-project
      - name: Check
        run: >-
          doc check --format github --report sarif=reports/footnotary.sarif
          --report markdown=reports/footnotary.md
      - name: Keep the reports
        if: always()
        uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with:
          name: footnotary
          path: reports
          if-no-files-found: ignore
      - name: Build the site
        run: footnotary site build --strict
      - uses: actions/upload-pages-artifact@56afc609e74202658d3ffba0e8f6dda462b719fa # v3.0.1
        if: github.event_name != 'pull_request'
        with:
          path: site

  report:
    if: >-
      !cancelled() && (github.event_name != 'pull_request'
      || github.event.pull_request.head.repo.full_name == github.repository)
    needs: check
    runs-on: ubuntu-24.04
    permissions:
      pull-requests: write
      security-events: write
    steps:
      - id: reports
        uses: actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0
        continue-on-error: true
        with:
          name: footnotary
      - name: Show the findings in code scanning
        if: steps.reports.outcome == 'success'
        uses: github/codeql-action/upload-sarif@ff0a06e83cb2de871e5a09832bc6a81e7276941f # v3.28.18
        continue-on-error: true # a private repository may have no code scanning
        with:
          sarif_file: footnotary.sarif
          category: footnotary
      - name: Comment on the pull request
        if: steps.reports.outcome == 'success' && github.event_name == 'pull_request'
        env:
          GH_TOKEN: ${{ github.token }}
          NUMBER: ${{ github.event.pull_request.number }}
          REPOSITORY: ${{ github.repository }}
        run: >-
          gh pr comment "$NUMBER" --repo "$REPOSITORY" --edit-last --create-if-none
          --body-file footnotary.md

  publish:
    if: >-
      github.event_name != 'pull_request'
      && github.ref_name == github.event.repository.default_branch
    needs: check
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
footnotary:
  image: python:3.13-slim
  stage: test
  variables:
    FOOTNOTARY_VERSION: "==VERSION"
    FOOTNOTARY_EXTRAS: ""  # such as --extra=postgres
    FOOTNOTARY_ARGUMENTS: ""
  script:
    - pip install --quiet "footnotary$FOOTNOTARY_VERSION"
    - footnotary install-project $FOOTNOTARY_EXTRAS
    - >-
      doc check --report gitlab=gl-code-quality-report.json --report junit=footnotary.xml
      $FOOTNOTARY_ARGUMENTS
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
      junit: footnotary.xml

pages:
  image: python:3.13-slim
  stage: deploy
  script:
    - pip install --quiet footnotary==VERSION
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
        raise UsageError(f"No workflow for {host!r}.", hint="Supported: github, gitlab.")
    path, text = known[host]
    return path, text.replace("==VERSION", f"=={__version__}")
