namespace Sam.Operator.Tokens;

/// <summary>
/// The one place that mints GitHub tokens: policy, proof of every repository by name and id now, mint, journal, hand-out. A token belongs to one owner;
/// the same ask of the same owner gets the same token until half of its life is over.
/// </summary>
internal interface ITokenBroker
{
    /// <summary>A token of this owner for this grant, or why there is none. What time may mend is thrown (<c>GitHubException</c>).</summary>
    Task<GrantAnswer> GetAsync(TokenOwner owner, GitHubGrant grant, CancellationToken cancellationToken);

    /// <summary>Revokes everything that an owner has, and forgets it; done when nothing of it lives. What fails is thrown, and asked again.</summary>
    Task EndAsync(TokenOwner owner, CancellationToken cancellationToken);

    /// <summary>Revokes the owner's tokens of this use alone, such as one entry of <c>spec.tokenSecrets</c>.</summary>
    Task EndAsync(TokenOwner owner, string use, CancellationToken cancellationToken);

    /// <summary>Revokes the owner's tokens of this use but one.</summary>
    Task EndOthersAsync(TokenOwner owner, string use, string kept, CancellationToken cancellationToken);
}
