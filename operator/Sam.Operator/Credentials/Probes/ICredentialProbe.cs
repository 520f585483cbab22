using Sam.Rules.Credentials;

namespace Sam.Operator.Credentials.Probes;

/// <summary>Tries credentials of one kind of provider with one cheap call that changes nothing.</summary>
internal interface ICredentialProbe
{
    /// <summary>Whether it can try this one.</summary>
    bool CanTry(string consumer, Credential credential);

    /// <summary>Tries it; never throws but for the caller's own cancellation.</summary>
    Task<ProbeOutcome> TryAsync(string consumer, Credential credential, CancellationToken cancellationToken);
}

/// <summary>What a provider said.</summary>
internal enum ProbeVerdict
{
    /// <summary>It accepts the credential.</summary>
    Accepted,

    /// <summary>It refuses the credential.</summary>
    Refused,

    /// <summary>It did not say.</summary>
    Unanswered,
}

/// <summary>What trying a credential came to.</summary>
/// <param name="Verdict">What the provider said.</param>
/// <param name="Detail">The answer in few words of ours, never the provider's text: that may repeat what was sent.</param>
internal sealed record ProbeOutcome(ProbeVerdict Verdict, string Detail);
