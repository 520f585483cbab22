using Sam.Crds.V1Alpha1;
using Sam.Rules.Credentials;

namespace Sam.Operator.Credentials;

/// <summary>A resolution as users see it: source, kind and reason, never a value, and nothing of the platform's Secrets but that they are used.</summary>
internal static class ShownCredential
{
    /// <summary>The entry in status.</summary>
    public static CredentialStatus Of(string consumer, Resolution resolution) =>
        resolution switch
        {
            Resolution.Found(var layer, var name, var key, var credential) => new CredentialStatus
            {
                Consumer = consumer,
                Source = SourceOf(layer),
                Kind = Enum.Parse<CredentialKind>(credential.Form.ToString()),
                SecretName = layer == CredentialLayer.Platform ? null : name,
                Reason = "Resolved",
                Message = layer == CredentialLayer.Platform ? null : $"key {key}",
            },
            Resolution.Halted(var layer, var name, var fault, var why) => new CredentialStatus
            {
                Consumer = consumer,
                Source = CredentialSource.Halted,
                SecretName = layer == CredentialLayer.Platform ? null : name,
                Reason = fault.ToString(),
                Message =
                    layer == CredentialLayer.Platform ? "The platform's credential cannot be used; ask the platform team" : why,
            },
            Resolution.Unresolved(var fault, var why) => new CredentialStatus
            {
                Consumer = consumer,
                Source = CredentialSource.Unresolved,
                Reason = fault.ToString(),
                Message = why,
            },
            var other => throw new InvalidOperationException($"Unhandled resolution {other}"),
        };

    /// <summary>The API's word for a layer.</summary>
    public static CredentialSource SourceOf(CredentialLayer layer) =>
        layer switch
        {
            CredentialLayer.Project => CredentialSource.Project,
            CredentialLayer.Namespace => CredentialSource.Namespace,
            CredentialLayer.Platform => CredentialSource.Platform,
            _ => throw new InvalidOperationException($"Unhandled layer {layer}"),
        };
}
