using Sam.Operator.Clients.GitHub;

namespace Sam.Operator.Tokens;

/// <summary>What came of asking for a token.</summary>
internal abstract record GrantAnswer
{
    private GrantAnswer() { }

    /// <summary>Here it is.</summary>
    public sealed record Granted(IssuedToken Token) : GrantAnswer;

    /// <summary>There is none, and asking again helps only once the cause is gone.</summary>
    public sealed record Refused(TokenRefusal Reason, string Message) : GrantAnswer;
}

/// <summary>A token in the hands of its owner; printing it shows no byte.</summary>
/// <param name="Secret">The token.</param>
/// <param name="EndsAt">When it ends: by itself or by us, whichever is earlier; by our clock.</param>
/// <param name="RenewAt">When to ask for the next one.</param>
internal sealed record IssuedToken(InstallationToken Secret, DateTimeOffset EndsAt, DateTimeOffset RenewAt);

/// <summary>Why there is no token; the words are those of the Project's conditions.</summary>
internal enum TokenRefusal
{
    /// <summary>The owner is gone or going.</summary>
    OwnerEnded,

    /// <summary>The platform policy says no.</summary>
    PolicyForbids,

    /// <summary>The App's key is refused.</summary>
    AppKeyInvalid,

    /// <summary>The App is not installed there.</summary>
    AppNotInstalled,

    /// <summary>No repository of this name.</summary>
    RepositoryNotFound,

    /// <summary>It has another name now.</summary>
    RepositoryRenamed,

    /// <summary>Another repository has the name now.</summary>
    RepositoryIdChanged,

    /// <summary>The installation does not include it (any more), or is suspended.</summary>
    RepositoryAccessDenied,

    /// <summary>The repositories are not all of one installation, which a token needs.</summary>
    OtherInstallation,

    /// <summary>The installation lacks a permission.</summary>
    PermissionNotGranted,
}
