using System.Text.Json;
using k8s;
using k8s.Models;
using Sam.Runtime.Abstractions;

namespace Sam.Runtime.Transport;

/// <summary>A refusal or a failure of the Kubernetes API, with its category.</summary>
/// <param name="code">The HTTP status code; 0 if no answer came.</param>
/// <param name="reason">The machine-readable reason, such as <c>Conflict</c>.</param>
/// <param name="message">The server's sentence.</param>
/// <param name="retryAfter">When the server asked to be called again.</param>
/// <param name="innerException">The transport's fault.</param>
public sealed class KubernetesApiException(
    int code,
    string reason,
    string message,
    TimeSpan? retryAfter = null,
    Exception? innerException = null
) : Exception(message, innerException), ICategorizedError
{
    /// <summary>The HTTP status code; 0 if no answer came.</summary>
    public int Code { get; } = code;

    /// <summary>The machine-readable reason.</summary>
    public string Reason { get; } = reason;

    /// <inheritdoc/>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Somebody else wrote first: read again, run again.</summary>
    public bool IsConflict => Code == 409 && Reason != "AlreadyExists";

    /// <summary>An object of that name is there already.</summary>
    public bool IsAlreadyExists => Code == 409 && Reason == "AlreadyExists";

    /// <summary>The object does not exist (any more).</summary>
    public bool IsNotFound => Code == 404;

    /// <summary>The version or the continuation asked for is too old: list again.</summary>
    public bool IsExpired => Code == 410 || Reason is "Expired" or "Gone";

    /// <summary>The namespace is being deleted, or gone: nothing can be created in it any more.</summary>
    public bool IsNamespaceTerminating { get; private init; }

    /// <inheritdoc/>
    public ErrorCategory Category =>
        Code switch
        {
            0 or 408 or 409 or 410 or >= 500 => ErrorCategory.Transient,
            401 or 403 => ErrorCategory.Unauthorized,
            429 => ErrorCategory.RateLimited,
            >= 400 and < 500 => ErrorCategory.Invalid,
            _ => ErrorCategory.Unknown,
        };

    /// <summary>Reads a refusal's <c>Status</c> document; a body that is none (a proxy's page) is not quoted.</summary>
    internal static async Task<KubernetesApiException> ReadAsync(
        TransportRequest request,
        TransportResponse response,
        CancellationToken cancellationToken
    )
    {
        using var reader = new StreamReader(response.Body);
        var text = await reader.ReadToEndAsync(cancellationToken);
        var what = $"{request.Method} {request.Path.Split('?')[0]}";
        var status = ParseStatus(text);
        if (status is null)
            return new KubernetesApiException(
                response.Code,
                "",
                $"{what} was answered with {response.Code}",
                response.RetryAfter
            );
        var retryAfter = status.Details?.RetryAfterSeconds is > 0 and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : response.RetryAfter;
        return new KubernetesApiException(response.Code, status.Reason ?? "", $"{what}: {status.Message}", retryAfter)
        {
            IsNamespaceTerminating = IsAboutNamespace(request, response.Code, status),
        };
    }

    // While it ends the server says so in a cause; once it is gone, a create finds no namespace.
    private static bool IsAboutNamespace(TransportRequest request, int code, V1Status status) =>
        status.Details?.Causes?.Any(cause => cause.Reason == "NamespaceTerminating") == true
        || (code == 404 && request.Method == HttpMethod.Post && status.Details?.Kind == "namespaces");

    private static V1Status? ParseStatus(string text)
    {
        try
        {
            var status = text.StartsWith('{') ? KubernetesJson.Deserialize<V1Status>(text) : null;
            return status?.Kind == "Status" ? status : null;
        }
        catch (JsonException)
        {
            return null; // not ours to judge: the code alone decides
        }
    }
}
