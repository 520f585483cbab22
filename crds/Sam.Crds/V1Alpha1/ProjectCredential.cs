using Sam.Crds.Schema;

namespace Sam.Crds.V1Alpha1;

/// <summary>A credential of the Project for one consumer.</summary>
public sealed record ProjectCredential
{
    /// <summary>What the credential is for: <c>hetzner</c>, <c>github</c>, <c>anthropic</c>, <c>openai</c>, ...</summary>
    [Required, Length(1, 63), Pattern("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    public string Consumer { get; set; } = "";

    /// <summary>The Secret that holds it: the value itself, or JSON around it (<c>"value"</c>, <c>{"token": "..."}</c>, <c>{"apiKey": "..."}</c>).</summary>
    [Required]
    public SecretKeyReference SecretRef { get; set; } = new();

    /// <summary>What the value is; left out, it follows from the consumer and the value.</summary>
    public CredentialKind? Kind { get; set; }

    /// <summary>Where the model provider is reached, if not at its own address.</summary>
    [Length(9, 500), Pattern("^https://[^\\s@]+$")]
    public string? BaseUrl { get; set; }

    /// <summary>False halts the consumer: no other layer is asked.</summary>
    [Default(true)]
    public bool Enabled { get; set; } = true;
}

/// <summary>What the value of a credential is; it decides how the credential is delivered.</summary>
public enum CredentialKind
{
    /// <summary>A key of a model provider.</summary>
    ApiKey,

    /// <summary>A login token of a subscription.</summary>
    OAuthToken,

    /// <summary>A key for an endpoint that speaks OpenAI's protocol, with its base URL.</summary>
    OpenAICompatible,

    /// <summary>A token of a cloud provider.</summary>
    CloudProvider,

    /// <summary>A login file of an agent, whole.</summary>
    AuthJson,

    /// <summary>Id and private key of a GitHub App.</summary>
    GitHubApp,
}

/// <summary>Whose credentials may be used.</summary>
public enum CredentialPolicy
{
    /// <summary>Only those of the Project and its namespace.</summary>
    OwnOnly,

    /// <summary>Where neither has one, the operator's, as far as the platform policy allows.</summary>
    AllowPlatform,
}

/// <summary>Where a credential comes from.</summary>
public enum CredentialSource
{
    /// <summary>No layer has one.</summary>
    Unresolved,

    /// <summary>A layer forbids or breaks it; no other layer is asked.</summary>
    Halted,

    /// <summary>An entry of the Project.</summary>
    Project,

    /// <summary>A labelled Secret of the namespace.</summary>
    Namespace,

    /// <summary>A default of the operator.</summary>
    Platform,
}

/// <summary>Where one consumer's credential comes from.</summary>
public sealed record CredentialStatus
{
    /// <summary>What the credential is for.</summary>
    [Required]
    public string Consumer { get; set; } = "";

    /// <summary>Which layer it comes from.</summary>
    public CredentialSource Source { get; set; }

    /// <summary>What the value is, if it could be read.</summary>
    public CredentialKind? Kind { get; set; }

    /// <summary>Name of the Secret, if a layer names one; a Secret of the platform is not named.</summary>
    public string? SecretName { get; set; }

    /// <summary>Why it is as it is, in one word.</summary>
    public string? Reason { get; set; }

    /// <summary>Why it is as it is, in one sentence.</summary>
    public string? Message { get; set; }
}
