"""The families of classifiers by name."""

from __future__ import annotations

from moodprint.errors import unknown_name
from moodprint.models.classifiers.family import Balance, Family

_BALANCED = {"class_weight": "balanced"}
_FOREST = {"n_estimators": 300, **_BALANCED}
_BOOSTED = {"n_estimators": 200, "learning_rate": 0.05, "subsample": 0.8, "colsample_bytree": 0.3}

_ALL = (
    Family(
        name="logistic",
        kind="linear",
        estimator="sklearn.linear_model:LogisticRegression",
        arguments={"max_iter": 2000, **_BALANCED},
        grid={"C": (0.01, 0.001, 0.1)},
    ),
    Family(
        name="ridge",
        kind="linear",
        estimator="sklearn.linear_model:RidgeClassifier",
        arguments=_BALANCED,
        grid={"alpha": (1000.0, 100.0, 10_000.0)},
    ),
    Family(
        name="sgd",
        kind="linear",
        estimator="sklearn.linear_model:SGDClassifier",
        arguments={"loss": "log_loss", **_BALANCED},
        grid={"alpha": (0.1, 0.01, 1.0)},
    ),
    Family(
        name="decision_tree",
        kind="trees",
        estimator="sklearn.tree:DecisionTreeClassifier",
        arguments=_BALANCED,
        grid={"max_depth": (5, 3, 10)},
        is_scaled=False,
    ),
    Family(
        name="random_forest",
        kind="trees",
        estimator="sklearn.ensemble:RandomForestClassifier",
        arguments=_FOREST,
        grid={"min_samples_leaf": (3, 1, 10)},
        is_scaled=False,
    ),
    Family(
        name="extra_trees",
        kind="trees",
        estimator="sklearn.ensemble:ExtraTreesClassifier",
        arguments=_FOREST,
        grid={"min_samples_leaf": (3, 1, 10)},
        is_scaled=False,
    ),
    Family(
        name="gradient_boosting",
        kind="trees",
        estimator="sklearn.ensemble:HistGradientBoostingClassifier",
        arguments=_BALANCED,
        grid={"learning_rate": (0.05, 0.1)},
        is_scaled=False,
    ),
    Family(
        name="xgboost",
        kind="trees",
        estimator="xgboost:XGBClassifier",
        arguments={"tree_method": "hist", "n_jobs": 1, **_BOOSTED},
        grid={"max_depth": (4, 2)},
        is_scaled=False,
        balance=Balance.SAMPLE_WEIGHTS,
    ),
    Family(
        name="linear_svc",
        kind="support vectors",
        estimator="sklearn.svm:SVC",
        arguments={"kernel": "linear", **_BALANCED},
        grid={"C": (0.01, 0.001, 0.0001)},
    ),
    Family(
        name="rbf_svc",
        kind="support vectors",
        estimator="sklearn.svm:SVC",
        arguments={"kernel": "rbf", **_BALANCED},
        grid={"C": (2.0, 0.5, 8.0)},
    ),
    Family(
        name="naive_bayes",
        kind="naive Bayes",
        estimator="sklearn.naive_bayes:GaussianNB",
        grid={"var_smoothing": (0.1, 0.001)},
        balance=Balance.EVEN_PRIORS,
    ),
    Family(
        name="lda",
        kind="discriminant",
        estimator="sklearn.discriminant_analysis:LinearDiscriminantAnalysis",
        arguments={"solver": "lsqr"},
        grid={"shrinkage": (0.5, 0.9, 0.2)},
        balance=Balance.EVEN_PRIORS,
    ),
    Family(
        name="qda",
        kind="discriminant",
        estimator="sklearn.discriminant_analysis:QuadraticDiscriminantAnalysis",
        grid={"reg_param": (0.7, 0.95)},
        balance=Balance.EVEN_PRIORS,
    ),
    Family(
        name="nearest",
        kind="neighbours",
        estimator="sklearn.neighbors:KNeighborsClassifier",
        arguments={"weights": "distance"},
        grid={"n_neighbors": (15, 5, 40)},
    ),
    Family(
        name="dummy",
        kind="dummy",
        estimator="sklearn.dummy:DummyClassifier",
        arguments={"strategy": "uniform"},
    ),
)

FAMILIES: dict[str, Family] = {family.name: family for family in _ALL}
"""The families by name. The first value of a grid is the default: much regularisation, because a
study's rows are few beside its columns (some hundred clips, and up to 6,373 features)."""


def family(name: str) -> Family:
    """The family of that name. Raises OptionError for an unknown one."""
    if name not in FAMILIES:
        raise unknown_name("model", name, FAMILIES)
    return FAMILIES[name]
