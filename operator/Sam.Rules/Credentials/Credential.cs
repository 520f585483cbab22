using System.Security.Cryptography;
using System.Text;

namespace Sam.Rules.Credentials;

/// <summary>What the value of a credential is; the same words as in the API.</summary>
public enum CredentialForm
{
    /// <summary>A key of a model provider.</summary>
    ApiKey,

    /// <summary>A login token of a subscription.</summary>
    OAuthToken,

    /// <summary>A key for an endpoint that speaks OpenAI's protocol.</summary>
    OpenAICompatible,

    /// <summary>A token of a cloud provider.</summary>
    CloudProvider,

    /// <summary>A login file of an agent.</summary>
    AuthJson,

    /// <summary>Id and private key of a GitHub App.</summary>
    GitHubApp,
}

/// <summary>A credential with its value, which leaves this class only where it is used; it never prints itself.</summary>
/// <param name="form">What the value is.</param>
/// <param name="value">The token, key, PEM or file.</param>
public sealed class Credential(CredentialForm form, string value)
{
    private readonly string _value = value;

    /// <summary>What the value is.</summary>
    public CredentialForm Form { get; } = form;

    /// <summary>Id of a GitHub App; null for other forms.</summary>
    public string? AppId { get; init; }

    /// <summary>Where it is to be sent, if not to the provider's own address.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The value. Whoever asks for it sends it to its provider, and nowhere else.</summary>
    public string Reveal() => _value;

    /// <summary>Tells whether this is the same credential as before; worthless without the key, which lives as long as the process.</summary>
    /// <param name="key">Random bytes of this process.</param>
    public string Fingerprint(ReadOnlySpan<byte> key) =>
        Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Form}\n{AppId}\n{BaseUrl}\n{_value}")));

    /// <inheritdoc/>
    public override string ToString() => $"credential ({Form})";
}
