using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Rules.Credentials;

namespace Sam.Operator.Credentials;

/// <summary>What one Project's credentials rest on, read once; resolves any consumer from it by the one resolver.</summary>
/// <param name="project">The Project; null for what belongs to none.</param>
/// <param name="named">Secrets that entries name, by name.</param>
/// <param name="labelled">Labelled Secrets of the namespace.</param>
/// <param name="platform">Labelled Secrets of the operator's namespace.</param>
/// <param name="closed">Why the platform may not be asked for a consumer; null if it may.</param>
internal sealed class CredentialView(
    Project? project,
    IReadOnlyDictionary<string, SecretContent> named,
    IReadOnlyList<SecretContent> labelled,
    IReadOnlyList<SecretContent> platform,
    Func<string, string?> closed
)
{
    private readonly Dictionary<string, Resolution> _resolved = new(StringComparer.Ordinal);

    /// <summary>Every consumer that anything names: entries, labelled Secrets, and the platform's that the Project may ask for.</summary>
    public IEnumerable<string> Consumers =>
        (project is null ? [] : EntryOf.Consumers(project))
            .Concat(labelled.Select(secret => secret.LabelledFor!))
            .Concat(platform.Select(secret => secret.LabelledFor!).Where(consumer => closed(consumer) is null))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    /// <summary>Where a consumer's credential comes from; the same answer for as long as this view lives.</summary>
    public Resolution Resolve(string consumer)
    {
        if (!_resolved.TryGetValue(consumer, out var resolution))
            _resolved[consumer] = resolution = CredentialResolver.Resolve(Question(consumer));
        return resolution;
    }

    private CredentialQuestion Question(string consumer) =>
        new(
            consumer,
            project is null ? null : EntryOf.Find(project, consumer, named),
            Of(labelled, consumer),
            closed(consumer) is { } why ? new PlatformLayer.Closed(why) : new PlatformLayer.Open(Of(platform, consumer))
        );

    private static List<SecretContent> Of(IReadOnlyList<SecretContent> secrets, string consumer) =>
        [.. secrets.Where(secret => secret.LabelledFor == consumer)];
}

/// <summary>The entries of a Project as the resolver sees them; the GitHub App is one.</summary>
internal static class EntryOf
{
    /// <summary>Consumers that have an entry.</summary>
    public static IEnumerable<string> Consumers(Project project) =>
        project
            .Spec.Credentials.Select(entry => entry.Consumer)
            .Concat(project.Spec.Github is null ? [] : [Rules.Credentials.Consumers.GitHub]);

    /// <summary>Names of the Secrets that entries name, for one consumer or for all.</summary>
    public static IEnumerable<string> SecretNames(Project project, string? consumer) =>
        project
            .Spec.Credentials.Where(entry => consumer is null || entry.Consumer == consumer)
            .Select(entry => entry.SecretRef.Name)
            .Concat(
                project.Spec.Github is { } github && consumer is null or Rules.Credentials.Consumers.GitHub
                    ? [github.AppSecretRef.Name]
                    : []
            )
            .Distinct(StringComparer.Ordinal);

    /// <summary>The entry for a consumer; null if there is none.</summary>
    public static CredentialEntry? Find(Project project, string consumer, IReadOnlyDictionary<string, SecretContent> secrets)
    {
        if (project.Spec.Credentials.FirstOrDefault(candidate => candidate.Consumer == consumer) is { } entry)
            return new CredentialEntry(
                consumer,
                entry.SecretRef.Name,
                entry.SecretRef.Key,
                secrets.GetValueOrDefault(entry.SecretRef.Name)
            )
            {
                IsEnabled = entry.Enabled,
                Form = FormOf(entry.Kind),
                BaseUrl = entry.BaseUrl,
            };
        return consumer == Rules.Credentials.Consumers.GitHub && project.Spec.Github is { } github
            ? new CredentialEntry(
                consumer,
                github.AppSecretRef.Name,
                "privateKey",
                secrets.GetValueOrDefault(github.AppSecretRef.Name)
            )
            {
                Form = CredentialForm.GitHubApp,
            }
            : null;
    }

    // The API's words and the rules' are the same; a test compares them.
    private static CredentialForm? FormOf(CredentialKind? kind) =>
        kind is { } known ? Enum.Parse<CredentialForm>(known.ToString()) : null;
}

/// <summary>A Secret as the resolver sees it.</summary>
internal static class ContentOf
{
    private static readonly Dictionary<string, byte[]> Nothing = [];

    /// <summary>A Secret that was read.</summary>
    public static SecretContent Secret(V1Secret secret) =>
        new(secret.Metadata.Name, secret.Data?.AsReadOnly() ?? Nothing.AsReadOnly())
        {
            LabelledFor = Value(secret.Metadata.Labels, Names.Labels.Credential),
            IsEnabled = !IsFalse(secret.Metadata.Labels) && !IsFalse(secret.Metadata.Annotations),
        };

    /// <summary>A Secret that the server does not let be read.</summary>
    public static SecretContent Refused(string name, string why) => new(name, Nothing.AsReadOnly()) { Refusal = why };

    private static bool IsFalse(IDictionary<string, string>? map) =>
        string.Equals(Value(map, Names.Labels.Enabled), "false", StringComparison.OrdinalIgnoreCase);

    private static string? Value(IDictionary<string, string>? map, string key) =>
        map?.TryGetValue(key, out var value) == true ? value : null;
}
