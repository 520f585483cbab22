using Sam.Operator.Registry.Keys;
using Sam.Operator.Registry.Logins;
using Sam.Runtime.Transport;

namespace Sam.Operator.Registry.Endpoint;

/// <summary>Tells the two kinds of logins apart and has each proved by its authority.</summary>
internal sealed class LoginProof(
    ServiceAccountLogins accounts,
    IPullSecretEntries entries,
    RegistryKeys keys,
    TimeProvider timeProvider
)
{
    /// <summary>Who it is.</summary>
    public async Task<LoginOutcome> ProveAsync(string login, CancellationToken cancellationToken)
    {
        if (!PullLogin.IsMeant(login))
            return await accounts.ProveAsync(login, cancellationToken);
        try
        {
            var ring = await keys.RingAsync(cancellationToken);
            if (PullLogin.Read(login, ring, timeProvider.GetUtcNow()) is not { } puller)
                return new LoginOutcome.Refused("a pull login that is over, or not of ours");
            return entries.Find(puller) is { } standing
                ? new LoginOutcome.Known(new Bearer.Puller(puller, standing))
                : new LoginOutcome.Refused($"the entry of {puller.Subject} is gone");
        }
        catch (Exception fault) when (fault is KubernetesApiException or InvalidDataException)
        {
            return new LoginOutcome.Unavailable("the keys cannot be read");
        }
    }
}
