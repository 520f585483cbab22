using Sam.Runtime.Conditions;

namespace Sam.Crds.V1Alpha1;

/// <summary>Conditions and reasons of a Project.</summary>
public static partial class ProjectConditions
{
    /// <summary>All conditions, in the order in which people read them.</summary>
    public static readonly IReadOnlyList<ConditionType> All =
    [
        RepositoryVerified.Type,
        CredentialsResolved.Type,
        CredentialsValid.Type,
        TokenSecretsFresh.Type,
        Deletable.Type,
    ];

    /// <summary>The conditions that make a Project Ready; validity is a warning and never blocks.</summary>
    public static readonly IReadOnlyList<ConditionType> ForReady =
    [
        RepositoryVerified.Type,
        CredentialsResolved.Type,
        TokenSecretsFresh.Type,
    ];

    /// <summary>Whether the repository was proved.</summary>
    public static class RepositoryVerified
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new(
            "RepositoryVerified",
            "The App reaches the repository under its name and its id, now."
        );

        /// <summary>It was.</summary>
        public static readonly Reason Verified = Type.True("The App's installation shows the repository under its name and id.");

        /// <summary>Nothing to prove it with.</summary>
        public static readonly Reason NotConfigured = Type.Unknown(
            "The Project names no repository or no GitHub App, so that nothing is proved; Ready does not wait for it."
        );

        /// <summary>The App's Secret is not there.</summary>
        public static readonly Reason AppSecretNotFound = Type.False(
            "The Secret of the GitHub App or one of its keys does not exist; create it with appId and privateKey."
        );

        /// <summary>The App's key is no key, or not the App's.</summary>
        public static readonly Reason AppKeyInvalid = Type.False(
            "The App's id or private key cannot be read, or GitHub refuses it; put a key of this App into the Secret."
        );

        /// <summary>The App is not installed there.</summary>
        public static readonly Reason AppNotInstalled = Type.False(
            "The App is not installed where the repository is; install it and give it the repository."
        );

        /// <summary>GitHub shows no such repository.</summary>
        public static readonly Reason RepositoryNotFound = Type.False(
            "GitHub shows the App no repository of this name; correct the name, or give the installation the repository."
        );

        /// <summary>The repository has another name now.</summary>
        public static readonly Reason RepositoryRenamed = Type.False(
            "The repository was renamed or transferred; write its new owner and name into the spec."
        );

        /// <summary>Another repository has this name now.</summary>
        public static readonly Reason RepositoryIdChanged = Type.False(
            "Another repository has this name now; nothing is minted for it. Correct the spec, or make the Project anew."
        );

        /// <summary>The installation does not include it any more.</summary>
        public static readonly Reason RepositoryAccessDenied = Type.False(
            "The installation does not include the repository (any more), or is suspended; give it the repository."
        );

        /// <summary>The platform forbids it.</summary>
        public static readonly Reason PolicyForbids = Type.False(
            "The platform policy does not let this namespace use the repository or the App; ask the platform team."
        );

        /// <summary>GitHub does not answer.</summary>
        public static readonly Reason GitHubUnavailable = Type.Unknown(
            "GitHub does not answer as it should; asked again with back-off, and nothing is minted meanwhile."
        );

        /// <summary>GitHub asks for patience.</summary>
        public static readonly Reason RateLimited = Type.Unknown(
            "GitHub asked to be called less often; asked again when it said."
        );
    }

    /// <summary>Whether the token Secrets are fresh.</summary>
    public static class TokenSecretsFresh
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new(
            "TokenSecretsFresh",
            "Every Secret of spec.tokenSecrets holds a token that is not due for renewal."
        );

        /// <summary>They are.</summary>
        public static readonly Reason Fresh = Type.True("Every token Secret is fresh; status.tokenSecrets says until when.");

        /// <summary>None is asked for.</summary>
        public static readonly Reason NoneAsked = Type.True("The Project asks for no token Secrets.");

        /// <summary>Some are not.</summary>
        public static readonly Reason SomeStale = Type.False(
            "A token Secret could not be made or renewed; status.tokenSecrets says which, and why."
        );

        /// <summary>The repository has to be proved first.</summary>
        public static readonly Reason RepositoryNotVerified = Type.False(
            "No token is minted before the repository is proved; RepositoryVerified says what is wrong."
        );

        /// <summary>The App lacks a permission.</summary>
        public static readonly Reason PermissionNotGranted = Type.False(
            "The App's installation lacks a permission that an entry asks for; grant it at GitHub, or ask for less."
        );

        /// <summary>The platform forbids it.</summary>
        public static readonly Reason PolicyForbids = Type.False(
            "The platform policy allows less than an entry asks for; ask for less, or ask the platform team."
        );

        /// <summary>A Secret of that name is somebody else's.</summary>
        public static readonly Reason SecretNotOurs = Type.False(
            "A Secret of that name exists and is not SAM's; delete it, or choose another name."
        );

        /// <summary>GitHub does not answer.</summary>
        public static readonly Reason GitHubUnavailable = Type.Unknown(
            "GitHub does not answer as it should; asked again with back-off."
        );
    }
}
