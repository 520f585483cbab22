using Sam.Crds.V1Alpha1;
using Sam.Operator.Credentials;
using Sam.Rules.Credentials;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Operator.Controllers.Projects;

/// <summary>Resolves every consumer's credential and shows the source, never the value. One unreadable Secret harms one consumer.</summary>
internal sealed class ResolveCredentials(ProviderTokens tokens) : IStep<StepRun<Project>>
{
    public ConditionType? Condition => CredentialsResolved.Type;

    public async Task<StepResult> RunAsync(StepRun<Project> context, CancellationToken cancellationToken)
    {
        var project = context.Entity;
        var shown = new List<CredentialStatus>();
        foreach (var consumer in project.Spec.Credentials.Select(entry => entry.Consumer).Append("hetzner").Distinct().Order())
        {
            var (resolution, _) = await tokens.ResolveAsync(
                project.Metadata.NamespaceProperty,
                project,
                consumer,
                cancellationToken
            );
            shown.Add(Show(consumer, resolution));
        }

        project.Status.Credentials = shown;
        var broken = shown.Where(entry => entry.Source is CredentialSource.Halted or CredentialSource.Unresolved).ToList();
        return broken.Count == 0
            ? StepResult.Continue(CredentialsResolved.Resolved, $"{shown.Count} credentials resolve")
            : StepResult.Stop(
                CredentialsResolved.SomeUnresolved,
                string.Join("; ", broken.Select(entry => $"{entry.Consumer}: {entry.Reason}"))
            );
    }

    private static CredentialStatus Show(string consumer, Resolution resolution) =>
        resolution switch
        {
            Resolution.Found(var layer, var name, var key) => new CredentialStatus
            {
                Consumer = consumer,
                Source = layer == CredentialLayer.Project ? CredentialSource.Project : CredentialSource.Namespace,
                SecretName = name,
                Reason = $"key {key}",
            },
            Resolution.Halted(var name, var why) => new CredentialStatus
            {
                Consumer = consumer,
                Source = CredentialSource.Halted,
                SecretName = name,
                Reason = why,
            },
            Resolution.Unresolved(var why) => new CredentialStatus
            {
                Consumer = consumer,
                Source = CredentialSource.Unresolved,
                Reason = why,
            },
            var other => throw new InvalidOperationException($"Unhandled resolution {other}"),
        };
}
