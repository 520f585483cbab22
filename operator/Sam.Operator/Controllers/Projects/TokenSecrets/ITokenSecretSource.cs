using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.Projects.TokenSecrets;

/// <summary>Makes what a token Secret of one kind holds.</summary>
internal interface ITokenSecretSource
{
    /// <summary>The kind.</summary>
    TokenSecretKind Kind { get; }

    /// <summary>Type of the Secret.</summary>
    string SecretType { get; }

    /// <summary>What the Secret is to hold now.</summary>
    /// <param name="context">The run.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="isIntact">The Secret is there as we wrote it for this very entry; what it holds need not be made again before its time.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    Task<TokenSecretOutcome> GetAsync(
        ProjectContext context,
        TokenSecretSpec entry,
        bool isIntact,
        CancellationToken cancellationToken
    );

    /// <summary>The Secret was written for an entry that asks for something else now: what it held before ends.</summary>
    Task EndOthersAsync(ProjectContext context, string entry, TokenSecretOutcome.Fresh kept, CancellationToken cancellationToken);
}

/// <summary>What came of making one.</summary>
internal abstract record TokenSecretOutcome
{
    private TokenSecretOutcome() { }

    /// <summary>Hold this.</summary>
    /// <param name="Data">The Secret's keys.</param>
    /// <param name="Fingerprint">Tells what it holds apart without showing it.</param>
    /// <param name="EndsAt">When the token ends.</param>
    /// <param name="RenewAt">When to make the next one.</param>
    public sealed record Fresh(
        IReadOnlyDictionary<string, byte[]> Data,
        string Fingerprint,
        DateTimeOffset EndsAt,
        DateTimeOffset RenewAt
    ) : TokenSecretOutcome
    {
        /// <summary>What the token reaches.</summary>
        public IReadOnlyList<string> Repositories { get; init; } = [];

        /// <summary>What it may do there.</summary>
        public IReadOnlyDictionary<string, string>? Permissions { get; init; }

        // The generated one would print the token.
        public override string ToString() => $"token {Fingerprint} until {EndsAt:u}";
    }

    /// <summary>What it holds is good for longer.</summary>
    public sealed record Unchanged : TokenSecretOutcome;

    /// <summary>None, and asking again helps only once the cause is gone.</summary>
    public sealed record Refused(TokenSecretFault Fault, string Reason, string Why) : TokenSecretOutcome;

    /// <summary>Not now.</summary>
    public sealed record Later(string Why, TimeSpan RetryAfter) : TokenSecretOutcome;
}

/// <summary>What is wrong with an entry, as the condition groups it.</summary>
internal enum TokenSecretFault
{
    /// <summary>The repository was not proved.</summary>
    RepositoryNotVerified,

    /// <summary>The account did not grant a permission.</summary>
    PermissionNotGranted,

    /// <summary>The platform policy says no.</summary>
    PolicyForbids,

    /// <summary>A Secret of that name is somebody else's.</summary>
    SecretNotOurs,

    /// <summary>Anything else.</summary>
    Other,
}
