using Sam.Crds.V1Alpha1;
using Sam.Operator.Limits;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Operator.Controllers.Projects.Steps;

/// <summary>Keeps a Project until nothing that holds data needs it any more; names what does.</summary>
[Rbac<DeploymentNode>("list")]
internal sealed class AwaitDependents(IResourceStore<DeploymentNode> nodes, IResourceClient<DeploymentNode> live)
    : IStep<ProjectContext>
{
    private const int MostNamed = 10;
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    public ConditionType? Condition => Deletable.Type;

    public async Task<StepResult> RunAsync(ProjectContext context, CancellationToken cancellationToken)
    {
        var (home, name) = (context.Namespace, context.Project.Metadata.Name);
        var needing = Names(nodes.ByIndex(ProjectIndexes.Nodes.Name, ProjectIndexes.Key(home, name)));
        // Past the cache: a node that was made a moment ago counts.
        if (needing.Count == 0)
            needing = Names(
                (await live.ListAsync(home, null, cancellationToken)).Where(node => node.Spec.ProjectRef.Name == name)
            );
        return needing.Count == 0
            ? StepResult.Continue(Deletable.NothingDepends, "No DeploymentNode needs the Project")
            : StepResult.Requeue(Recheck, Deletable.DependentsRemain, $"Still needed by {Text(needing)}; delete them first");
    }

    private static List<string> Names(IEnumerable<DeploymentNode> found) =>
        [.. found.Select(node => $"DeploymentNode {node.Metadata.Name}").Order(StringComparer.Ordinal)];

    private static string Text(List<string> names) =>
        names.Count <= MostNamed
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(MostNamed))} and {names.Count - MostNamed} more";
}
