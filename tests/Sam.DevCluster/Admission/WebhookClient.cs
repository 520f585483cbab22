using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Security;

namespace Sam.DevCluster.Admission;

/// <summary>A webhook could not be asked, or answered what is no answer.</summary>
internal sealed class WebhookCallException(string webhook, string why)
    : Exception($"failed calling webhook \"{webhook}\": {why}");

/// <summary>Sends AdmissionReviews, one blocking call each: its callers have threads of their own.</summary>
internal sealed class WebhookClient(BackendConnections connections, Func<string, string, int, string?> services)
{
    /// <summary>The <c>response</c> of the answer, checked.</summary>
    public JsonObject Call(Webhook webhook, JsonObject request, CancellationToken cancellationToken)
    {
        var (url, backend) = Locate(webhook);
        var review = new JsonObject
        {
            ["kind"] = "AdmissionReview",
            ["apiVersion"] = "admission.k8s.io/v1",
            ["request"] = request.DeepClone(),
        };
        var answer = Send(webhook, url, backend, review.ToUtf8(), cancellationToken);
        return Check(webhook, answer, request.Text("uid")!);
    }

    private (string Url, Backend Backend) Locate(Webhook webhook)
    {
        var bundle = webhook.Client.Text("caBundle") is { Length: > 0 } encoded
            ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded))
            : null;
        var timeout = $"timeout={webhook.TimeoutSeconds}s";
        if (webhook.Client.Text("url") is { } url)
            return ($"{url}{(url.Contains('?') ? '&' : '?')}{timeout}", new Backend(null, bundle, false));
        var service = webhook.Client.Object("service");
        var (name, @namespace) = (service.Text("name") ?? "", service.Text("namespace") ?? "");
        var port = service.Child("port").TryInteger(out var given) ? (int)given : 443;
        var path = (service.Text("path") ?? "").TrimStart('/');
        var named = $"https://{name}.{@namespace}.svc:{port}/{path}?{timeout}";
        var address =
            services(@namespace, name, port)
            ?? throw new WebhookCallException(
                webhook.Name,
                $"failed to call webhook: Post \"{named}\": service \"{name}\" not found"
            );
        return (named, new Backend(address, bundle, false));
    }

    private JsonObject? Send(Webhook webhook, string url, Backend backend, byte[] body, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        // A peer on the network keeps real time, whatever clock the cluster has.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(webhook.TimeoutSeconds), TimeProvider.System);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = connections.For(backend).Send(message, ending.Token);
            using var reader = new StreamReader(response.Content.ReadAsStream(ending.Token));
            var text = reader.ReadToEnd();
            return response.IsSuccessStatusCode
                ? JsonReading.Parse(Encoding.UTF8.GetBytes(text)) as JsonObject
                : throw new WebhookCallException(webhook.Name, $"failed to call webhook: {Refusal(response.StatusCode, text)}");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            throw new WebhookCallException(
                webhook.Name,
                $"failed to call webhook: Post \"{url}\": {Dial(fault, url, backend)}{BackendConnections.Describe(fault)}"
            );
        }
        catch (Exception fault) when (fault is JsonException or FormatException or ArgumentException)
        {
            throw new WebhookCallException(
                webhook.Name,
                $"failed to call webhook: couldn't get version/kind; json parse error: {fault.Message}"
            );
        }
    }

    private static string Dial(Exception fault, string url, Backend backend)
    {
        if (BackendConnections.Describe(fault) != "connect: connection refused")
            return "";
        return $"dial tcp {backend.Address ?? new Uri(url).Authority}: ";
    }

    private static string Refusal(HttpStatusCode code, string text) =>
        code switch
        {
            HttpStatusCode.NotFound => "the server could not find the requested resource",
            HttpStatusCode.Unauthorized => "the server has asked for the client to provide credentials",
            HttpStatusCode.ServiceUnavailable => "the server is currently unable to handle the request",
            >= HttpStatusCode.InternalServerError =>
                $"an error on the server (\"{(text.Length == 0 ? "unknown" : text.Trim())}\") has prevented the request from succeeding",
            _ => $"the server rejected our request for an unknown reason",
        };

    private static JsonObject Check(Webhook webhook, JsonObject? answer, string uid)
    {
        const string wanted = "admission.k8s.io/v1, Kind=AdmissionReview";
        WebhookCallException Bad(string why) => new(webhook.Name, $"received invalid webhook response: {why}");
        var got = $"{answer.Text("apiVersion")}, Kind={answer.Text("kind")}";
        if (got != wanted)
            throw Bad($"expected webhook response of {wanted}, got {got}");
        var response = answer.Object("response") ?? throw Bad("webhook response was absent");
        if (response.Text("uid") != uid)
            throw Bad($"expected response.uid=\"{uid}\", got \"{response.Text("uid")}\"");
        var (hasPatch, type) = (response.Text("patch") is { Length: > 0 }, response.Text("patchType"));
        if (!webhook.IsMutating)
            return hasPatch || type is not null
                ? throw Bad($"validating webhook may not return response.{(hasPatch ? "patch" : "patchType")}")
                : response;
        if (hasPatch && type is null)
            throw Bad("webhook returned response.patch but not response.patchType");
        if (!hasPatch && type is not null)
            throw Bad("webhook returned response.patchType but not response.patch");
        return type is null or "JSONPatch" ? response : throw Bad($"webhook returned invalid response.patchType of \"{type}\"");
    }
}
