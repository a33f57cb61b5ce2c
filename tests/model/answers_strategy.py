"""Every kind of answers there can be, for hypothesis."""

from hypothesis import strategies as st

from wizard.model.settings.answers import (
    Answers,
    BuildAnswers,
    DevstackAnswers,
    FromEnvironment,
    FromFile,
    Generate,
    HostAnswers,
    Installer,
    Like,
    PackageAnswers,
    Reference,
    VenvAnswers,
)

PARTS = st.from_regex(r"\A[a-z0-9][a-z0-9._-]{0,5}\Z")
PATHS = st.lists(PARTS, min_size=2, max_size=4).map(lambda parts: "/data/" + "/".join(parts))
VENVS = PATHS.map("/venvs".__add__)  # never around a checkout
MAYBE = st.none() | st.booleans()
VARIABLES = st.from_regex(r"\A[A-Z][A-Z_]{0,5}\Z").filter(
    lambda name: not any(word in name for word in ("PASSW", "SECRET", "TOKEN", "VENV"))
)
LINES = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" $\\\"'#"))
DISTRO = st.sampled_from(["gcc", "g++", "libpq-dev", "python3.11-dev", "python3-PyMySQL"])
PYPI = st.sampled_from(["pymysql", "osc>=1,<2", "a[b,c]", "d; python_version<'4'", "e~=1.0"])

REFERENCES: st.SearchStrategy[Reference] = st.one_of(
    st.just(Generate()), st.builds(FromEnvironment, VARIABLES), st.builds(FromFile, PATHS)
)


PYPI_NAMES = st.sampled_from(["keystone", "python-novaclient", "x"])


def _some(names: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(names, unique=True, max_size=4).map(tuple)


ANSWERS = st.builds(
    Answers,
    host=st.builds(HostAnswers, st.none() | st.sampled_from(Like), st.none() | PARTS),
    devstack=st.builds(
        DevstackAnswers, st.sampled_from([None, ""]) | PATHS, st.sampled_from([None, "stack"])
    ),
    venv=st.builds(
        VenvAnswers,
        use=MAYBE,
        path=st.none() | VENVS,
        python=st.none() | PATHS,
        system_site_packages=MAYBE,
        installer=st.none() | st.sampled_from(Installer),
        constraints=st.sampled_from([None, "https://releases.example.org/c.txt"]) | PATHS,
    ),
    distro=st.builds(PackageAnswers, _some(DISTRO), _some(st.sampled_from(["make", "git"]))),
    pypi=st.builds(PackageAnswers, _some(PYPI), _some(PYPI_NAMES)),
    build=st.builds(BuildAnswers, MAYBE, st.none() | st.integers(1, 10080)),
    local_conf=st.dictionaries(VARIABLES, LINES | REFERENCES, max_size=3)
    | st.dictionaries(VARIABLES.map("{}_PASSWORD".format), REFERENCES, max_size=3),
)
