using System.Text;
using k8s.Models;
using Sam.Compose.Model;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Controllers.ComposeApps.Data;

/// <summary>Takes the values of an app's secrets out of what a command said.</summary>
[Rbac<V1Secret>("get")]
internal sealed class SecretWords(IResourceClient<V1Secret> secrets)
{
    // What is shorter is found in every text, and no secret.
    private const int Shortest = 4;

    // Of variables it is not known whether they are secret: `production` is none, and may go.
    private const int ShortestVariable = 6;
    private const string Instead = "[secret]";

    /// <summary>The text without values of Secrets that the app names, now and as the release keeps them.</summary>
    public async Task<string> RedactAsync(ComposeApp app, ReleaseSpec? release, string text, CancellationToken cancellationToken)
    {
        if (text.Length == 0)
            return text;
        var values = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in NamesOf(app))
        {
            var secret = await secrets.GetAsync(app.Metadata.NamespaceProperty, name, cancellationToken);
            foreach (var value in secret?.Data?.Values ?? [])
                Add(values, Encoding.UTF8.GetString(value));
        }

        foreach (var value in release is null ? [] : KeptBy(app, release))
            Add(values, value);
        // The longest first: one may be part of another.
        return values
            .OrderByDescending(value => value.Length)
            .Aggregate(text, (left, value) => left.Replace(value, Instead, StringComparison.Ordinal));
    }

    private static IEnumerable<string> NamesOf(ComposeApp app) =>
        app
            .Spec.EnvFrom.Select(source => source.SecretRef?.Name)
            .Concat((app.Spec.Files ?? []).Select(file => file.SecretKeyRef?.Name))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);

    // A release says what a variable is and not where it came from: what stands in the spec for everybody to read is no secret.
    private static IEnumerable<string> KeptBy(ComposeApp app, ReleaseSpec release)
    {
        var open = (app.Spec.Compose ?? "") + "\n" + string.Join('\n', app.Spec.Env.Select(variable => variable.Value));
        return release
            .Model.Services.Values.SelectMany(service => service.Environment.Values)
            .Where(value => value.Length >= ShortestVariable && !open.Contains(value, StringComparison.Ordinal))
            .Concat(
                (release.Files ?? Ordinal.Empty<string>())
                    .Where(file => file.Key.StartsWith("secrets/", StringComparison.Ordinal))
                    .Select(file => Encoding.UTF8.GetString(Convert.FromBase64String(file.Value)))
            );
    }

    private static void Add(HashSet<string> values, string value)
    {
        foreach (var part in (string[])[value, .. value.Split('\n')])
        {
            var word = part.Trim();
            if (word.Length < Shortest)
                continue;
            values.Add(word);
            values.Add(Uri.EscapeDataString(word));
        }
    }
}
