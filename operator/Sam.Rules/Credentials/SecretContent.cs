namespace Sam.Rules.Credentials;

/// <summary>A Secret as the resolver sees it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Data">Values by key.</param>
public sealed record SecretContent(string Name, IReadOnlyDictionary<string, byte[]> Data)
{
    /// <summary>The consumer that its label names, if it has the label.</summary>
    public string? LabelledFor { get; init; }

    /// <summary>False if it is labelled or annotated <c>sam.dev/enabled=false</c>.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Why the server does not let it be read, if it does not.</summary>
    public string? Refusal { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"Secret {Name}";
}

/// <summary>An entry of the Project with what its Secret holds.</summary>
/// <param name="Consumer">What it is for.</param>
/// <param name="SecretName">Name of the Secret.</param>
/// <param name="Key">Key in the Secret; a GitHub App has its own two.</param>
/// <param name="Secret">The Secret; null if it does not exist.</param>
public sealed record CredentialEntry(string Consumer, string SecretName, string Key, SecretContent? Secret)
{
    /// <summary>False halts.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>What the value is said to be; null = as it looks.</summary>
    public CredentialForm? Form { get; init; }

    /// <summary>Where it is to be sent; null = as the value says, or the provider's own address.</summary>
    public string? BaseUrl { get; init; }
}
