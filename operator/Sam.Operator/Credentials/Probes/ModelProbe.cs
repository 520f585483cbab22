using System.Net;
using System.Net.Http.Headers;
using Sam.Rules.Credentials;

namespace Sam.Operator.Credentials.Probes;

/// <summary>Tries a key of a model provider by listing its models, which costs nothing.</summary>
internal sealed class ModelProbe(ModelEndpoints endpoints, HttpMessageInvoker http, TimeProvider timeProvider) : ICredentialProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public bool CanTry(string consumer, Credential credential) => Request(consumer, credential) is not null;

    public async Task<ProbeOutcome> TryAsync(string consumer, Credential credential, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var request = Request(consumer, credential)!;
        try
        {
            using var response = await http.SendAsync(request, linked.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => new ProbeOutcome(ProbeVerdict.Accepted, $"{consumer} accepts it"),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new ProbeOutcome(
                    ProbeVerdict.Refused,
                    $"{consumer} refuses it ({(int)response.StatusCode})"
                ),
                // Google's word for a key that is none.
                HttpStatusCode.BadRequest when consumer == Consumers.Google => new ProbeOutcome(
                    ProbeVerdict.Refused,
                    $"{consumer} refuses it (400)"
                ),
                var other => new ProbeOutcome(ProbeVerdict.Unanswered, $"{consumer} did not say ({(int)other})"),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new ProbeOutcome(ProbeVerdict.Unanswered, $"{consumer} was not reached");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new ProbeOutcome(ProbeVerdict.Unanswered, $"{consumer} did not answer in {Patience.TotalSeconds} s");
        }
    }

    /// <summary>The one call; null where there is none to make.</summary>
    private HttpRequestMessage? Request(string consumer, Credential credential) =>
        (consumer, credential.Form) switch
        {
            (_, CredentialForm.OpenAICompatible) when IsTrusted(credential.BaseUrl!) => Bearer(credential.BaseUrl!, credential),
            // A key for an address of the user's own is sent nowhere else, and that address is not called from here.
            (_, _) when credential.BaseUrl is not null => null,
            (Consumers.Anthropic, CredentialForm.ApiKey) => Keyed(
                endpoints.Anthropic,
                credential,
                "x-api-key",
                ("anthropic-version", "2023-06-01")
            ),
            (Consumers.OpenAI, CredentialForm.ApiKey) => Bearer(endpoints.OpenAI, credential),
            (Consumers.Google, CredentialForm.ApiKey) => Keyed(endpoints.Google, credential, "x-goog-api-key"),
            _ => null,
        };

    private bool IsTrusted(Uri address) =>
        address.Host == endpoints.OpenAI.Host || endpoints.TrustedHosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase);

    private static HttpRequestMessage Bearer(Uri address, Credential credential) =>
        new(HttpMethod.Get, Models(address))
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", credential.Reveal()) },
        };

    private static HttpRequestMessage Keyed(
        Uri address,
        Credential credential,
        string header,
        params (string Name, string Value)[] more
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Models(address));
        request.Headers.TryAddWithoutValidation(header, credential.Reveal());
        foreach (var (name, value) in more)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static Uri Models(Uri address) =>
        new(address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/"), "models");
}
