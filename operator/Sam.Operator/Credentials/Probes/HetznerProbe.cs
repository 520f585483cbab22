using Sam.Operator.Clients.Hetzner;
using Sam.Rules.Credentials;

namespace Sam.Operator.Credentials.Probes;

/// <summary>Tries a token of Hetzner Cloud.</summary>
internal sealed class HetznerProbe(IHetznerClients clients) : ICredentialProbe
{
    public bool CanTry(string consumer, Credential credential) => consumer == Consumers.Hetzner;

    public async Task<ProbeOutcome> TryAsync(string consumer, Credential credential, CancellationToken cancellationToken)
    {
        try
        {
            await clients.For(new HetznerToken(credential.Reveal())).ProbeAsync(cancellationToken);
            return new ProbeOutcome(ProbeVerdict.Accepted, "Hetzner accepts it");
        }
        catch (HetznerException e) when (e.Kind == HetznerErrorKind.Unauthorized)
        {
            return new ProbeOutcome(ProbeVerdict.Refused, "Hetzner refuses it");
        }
        catch (HetznerException e)
        {
            return new ProbeOutcome(ProbeVerdict.Unanswered, $"Hetzner did not say ({e.Kind})");
        }
    }
}
