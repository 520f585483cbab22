using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Installation;
using Sam.Operator.Policy;
using Sam.Rules.Credentials;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Transport;

namespace Sam.Operator.Credentials;

/// <summary>Reads what the resolver decides from: the Secrets of a Project, of its namespace, and of the platform. Values are read when used and never kept.</summary>
[Rbac<V1Secret>("get", "list")]
internal sealed class CredentialSources(IResourceClient<V1Secret> secrets, OperatorNamespace home, IPlatformPolicies policies)
{
    /// <summary>Where one consumer's credential comes from, with its value if there is one.</summary>
    public async Task<Resolution> ResolveAsync(
        string @namespace,
        Project? project,
        string consumer,
        CancellationToken cancellationToken
    ) => (await ReadAsync(@namespace, project, consumer, cancellationToken)).Resolve(consumer);

    /// <summary>What a Project's credentials rest on now.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="project">The Project; null for what belongs to none.</param>
    /// <param name="consumer">The one consumer that will be asked for; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<CredentialView> ReadAsync(
        string @namespace,
        Project? project,
        string? consumer,
        CancellationToken cancellationToken
    )
    {
        var named = await NamedAsync(@namespace, project, consumer, cancellationToken);
        // An entry decides alone: nobody asks the layers behind it.
        if (consumer is not null && project is not null && EntryOf.Find(project, consumer, named) is not null)
            return new CredentialView(project, named, [], [], _ => null);
        var labelled = await LabelledAsync(@namespace, consumer, cancellationToken);
        string? Closed(string candidate) => WhyClosed(@namespace, project, candidate);
        var platform =
            project?.Spec.CredentialPolicy == CredentialPolicy.AllowPlatform && (consumer is null || Closed(consumer) is null)
                ? await LabelledAsync(home.Name, consumer, cancellationToken)
                : [];
        return new CredentialView(project, named, labelled, platform, Closed);
    }

    private string? WhyClosed(string @namespace, Project? project, string consumer)
    {
        if (project is null)
            return "what belongs to no Project uses nothing of the platform";
        if (project.Spec.CredentialPolicy != CredentialPolicy.AllowPlatform)
            return "credentialPolicy OwnOnly keeps the platform's out";
        return policies.Current.AllowsPlatformCredential(@namespace, consumer)
            ? null
            : $"the platform policy does not give namespace {@namespace} the platform's credential for {consumer}";
    }

    private async Task<IReadOnlyDictionary<string, SecretContent>> NamedAsync(
        string @namespace,
        Project? project,
        string? consumer,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<string, SecretContent>(StringComparer.Ordinal);
        foreach (var name in project is null ? [] : EntryOf.SecretNames(project, consumer))
        {
            if (await FindAsync(@namespace, name, cancellationToken) is { } secret)
                found[name] = secret;
        }

        return found;
    }

    /// <summary>One Secret that may not be read harms who needs it, and nobody else; a server that does not answer harms the run.</summary>
    private async Task<SecretContent?> FindAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        try
        {
            var secret = await secrets.GetAsync(@namespace, name, cancellationToken);
            return secret is null ? null : ContentOf.Secret(secret);
        }
        catch (KubernetesApiException e) when (e.Code is 400 or 403 or 422)
        {
            return ContentOf.Refused(name, $"the server answers {e.Code}");
        }
    }

    private async Task<IReadOnlyList<SecretContent>> LabelledAsync(
        string @namespace,
        string? consumer,
        CancellationToken cancellationToken
    )
    {
        var selector = consumer is null ? Names.Labels.Credential : $"{Names.Labels.Credential}={consumer}";
        var found = await secrets.ListAsync(@namespace, selector, cancellationToken);
        return [.. found.Select(ContentOf.Secret)];
    }
}
