using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sam.Compose.Model;
using Sam.Compose.Parsing;
using Sam.Compose.Rules;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps.Data;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Reads and judges the Compose file, its variables and the routes: every error with its path, all at once.</summary>
internal sealed class ResolveManifest(ManifestReader reader, FileContents contents) : IStep<ComposeAppContext>
{
    public ConditionType? Condition => ManifestValid.Type;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var app = context.App;
        if (context.Node is not { } node)
            return StepResult.Stop(
                ManifestValid.NodeNotFound,
                $"spec.nodeRef: DeploymentNode {app.Spec.NodeRef.Name} does not exist in namespace {app.Metadata.NamespaceProperty}; create it"
            );
        if (app.Spec.RollbackTo is { } number && app.Status.Releases.All(release => release.Number != number))
            return context.HaltWith(
                ManifestValid.ReleaseNotFound,
                $"spec.rollbackTo: release {number} is not kept; status.releases lists those that are"
            );

        var manifest = await reader.ReadAsync(app, cancellationToken);
        if (manifest.Fault is { } fault)
            return context.HaltWith(fault, manifest.Message);

        var parsed = ComposeParser.Parse(manifest.Text, Inputs(app, manifest));
        if (parsed.Model is not { } model)
            return context.HaltWith(ManifestValid.ComposeInvalid, Text("spec.compose", parsed.Errors));
        var routes = AppRoutes.Of(app, node.Spec.Domain);
        var errors = routes
            .Where(route => route.Host.Length == 0)
            .Select(route => new ComposeProblem(
                $"routes[{route.Name}].host",
                ProblemCode.Required,
                "set a host, or spec.domain on the DeploymentNode"
            ))
            .Concat(RouteRules.Check(model, [.. routes.Where(route => route.Host.Length > 0)]))
            .ToImmutableArray();
        var volumes = VolumeRules.Check(app.Spec, model).ToImmutableArray();
        if (errors.Length + volumes.Length > 0)
            return context.HaltWith(
                errors.Length > 0 ? ManifestValid.RouteInvalid : ManifestValid.VolumeInvalid,
                Text("spec", errors.AddRange(volumes))
            );

        var (files, missing) = await contents.OfAsync(app, model, manifest, cancellationToken);
        if (missing is { Fault: { } reason })
            return context.HaltWith(reason, missing.Message);

        context.Source = new ManifestSource(model, routes, files, HashOf(app.Spec, manifest.Text, routes));
        var warnings =
            parsed.Warnings.Length == 0 ? "" : $"; {parsed.Warnings.Length} warnings: {Text("spec.compose", parsed.Warnings)}";
        return StepResult.Continue(ManifestValid.Valid, $"{model.Services.Count} services, {routes.Length} routes{warnings}");
    }

    private static ComposeInputs Inputs(ComposeApp app, ManifestText manifest) =>
        new()
        {
            Variables = manifest.Variables,
            Profiles = [.. app.Spec.Profiles ?? []],
            File = path =>
                manifest.Files.TryGetValue(FileContents.Normal(path), out var content) ? Encoding.UTF8.GetString(content) : null,
        };

    private static string Text(string root, ImmutableArray<ComposeProblem> problems) =>
        string.Join("; ", problems.Select(problem => $"{root}.{problem.Path}: {problem.Message}"));

    // Values of Secrets are left out on purpose: a changed Secret alone makes no release.
    private static string HashOf(ComposeAppSpec spec, string text, ImmutableArray<AppRoute> routes) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    JsonSerializer.Serialize(
                        new
                        {
                            text,
                            spec.Env,
                            spec.EnvFrom,
                            spec.Files,
                            spec.Profiles,
                            routes,
                            spec.RedeployRequestedAt,
                        }
                    )
                )
            )
        )[..32];
}
