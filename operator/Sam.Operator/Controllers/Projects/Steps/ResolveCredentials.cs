using Sam.Crds.V1Alpha1;
using Sam.Operator.Credentials;
using Sam.Rules.Agents;
using Sam.Rules.Credentials;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Operator.Controllers.Projects.Steps;

/// <summary>Shows where every consumer's credential comes from, and which agents can run on them: by the resolver that uses them, never a value.</summary>
internal sealed class ResolveCredentials : IStep<ProjectContext>
{
    // As many as the schema takes.
    private const int MostShown = 64;

    public ConditionType? Condition => CredentialsResolved.Type;

    public Task<StepResult> RunAsync(ProjectContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Show(context));

    private static StepResult Show(ProjectContext context)
    {
        var (project, view) = (context.Project, context.Credentials);
        // The consumers that the Project names come first, should there ever be more than can be shown.
        var consumers = EntryOf
            .Consumers(project)
            .Append(Consumers.Hetzner)
            .Concat(view.Consumers)
            .Distinct(StringComparer.Ordinal)
            .Take(MostShown)
            .Order(StringComparer.Ordinal)
            .ToList();
        project.Status.Credentials = [.. consumers.Select(consumer => ShownCredential.Of(consumer, view.Resolve(consumer)))];
        project.Status.Agents = [.. AgentCatalogue.All.Select(agent => ShownAgent.Of(agent, view.Resolve))];

        var broken = project.Status.Credentials.Where(shown => IsBroken(project, shown)).ToList();
        return broken.Count == 0
            ? StepResult.Continue(CredentialsResolved.Resolved, $"{Resolved(project)} credentials resolve")
            : StepResult.Continue(
                ReasonOf(broken[0].Reason),
                string.Join("; ", broken.Select(shown => $"{shown.Consumer}: {shown.Message}"))
            );
    }

    private static int Resolved(Project project) =>
        project.Status.Credentials.Count(shown => shown.Source is not (CredentialSource.Halted or CredentialSource.Unresolved));

    /// <summary>What halts is broken; what nobody has is, where the Project cannot do without.</summary>
    private static bool IsBroken(Project project, CredentialStatus shown) =>
        shown.Source == CredentialSource.Halted
        || (shown.Source == CredentialSource.Unresolved && shown.Consumer == Consumers.Hetzner && project.Spec.Cloud is not null);

    private static Reason ReasonOf(string? fault) =>
        fault switch
        {
            nameof(CredentialFault.SecretNotFound) => CredentialsResolved.SecretNotFound,
            nameof(CredentialFault.SecretUnreadable) => CredentialsResolved.SecretUnreadable,
            nameof(CredentialFault.CredentialInactive) => CredentialsResolved.CredentialInactive,
            nameof(CredentialFault.WrongProvider) => CredentialsResolved.WrongProvider,
            nameof(CredentialFault.InsecureUpstream) => CredentialsResolved.InsecureUpstream,
            _ => CredentialsResolved.SomeUnresolved,
        };
}
