using System.Text;
using System.Text.Json.Nodes;
using Sam.Compose.Rendering;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Controllers.DeploymentNodes.Events;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Operator.Controllers.DeploymentNodes.Steps;

/// <summary>Loads the rendered document, only when it differs from what Caddy runs as read back: every reload can cost a connection.</summary>
internal sealed class LoadCaddyDocument(EngineStreams streams, DocumentRenderer renderer, IEventRecorder events)
    : IStep<DeploymentNodeContext>
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(30);

    public ConditionType? Condition => ConfigInSync.Type;

    public async Task<StepResult> RunAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var link = context.Link!;
        var rendered = await renderer.RenderAsync(context.Node, context.Apps, cancellationToken);
        var document = rendered.Text;
        var running = await link.GetFileAsync(context.CaddyId!, CaddyContainer.RunningPath, cancellationToken);
        if (running is null || !Same(Encoding.UTF8.GetString(running), document))
        {
            TellOfOtherHands(context, document, running);
            await link.PutFileAsync(
                context.CaddyId!,
                new EngineFile(CaddyContainer.DocumentPath, Encoding.UTF8.GetBytes(document)),
                cancellationToken
            );
            var result = await link.ExecAsync(
                context.CaddyId!,
                ["caddy", "reload", "--config", CaddyContainer.DocumentPath, "--address", $"unix/{CaddyContainer.AdminSocket}"],
                ReadOnlyMemory<byte>.Empty,
                cancellationToken
            );
            if (result.ExitCode != 0)
                return Refused(result.Error);
            running = await link.GetFileAsync(context.CaddyId!, CaddyContainer.RunningPath, cancellationToken);
            if (running is null || !Same(Encoding.UTF8.GetString(running), document))
                return StepResult.Requeue(Poll, ConfigInSync.DocumentRefused, "Caddy does not show the new document yet");
        }

        await ReportAsync(context, rendered, cancellationToken);
        return StepResult.Continue(
            ConfigInSync.InSync,
            $"{context.Node.Status.Apps.Count} apps in Caddy's document",
            streams.LookAgain(context.Machine?.Spec.MachineId)
        );
    }

    // What we want was read back from this very container before: somebody else loaded another document since.
    private void TellOfOtherHands(DeploymentNodeContext context, string document, byte[]? running)
    {
        var told = context.Node.Status.Caddy;
        if (running is not null && told?.ContainerId == context.CaddyId && told?.ConfigHash == CaddyDocument.Hash(document))
            events.Record(
                context.Node,
                "DocumentRestored",
                "Somebody loaded another document into Caddy; SAM's own is loaded again",
                isWarning: true
            );
    }

    /// <summary>Only what was read back is reported: apps take it as the word that their routes are served.</summary>
    private static async Task ReportAsync(
        DeploymentNodeContext context,
        RenderedDocument rendered,
        CancellationToken cancellationToken
    )
    {
        var status = context.Node.Status;
        status.Apps =
        [
            .. context
                .Apps.Where(app => NodeDocument.RoutesOf(app).Any())
                .Select(app => new NodeAppStatus
                {
                    Uid = app.Metadata.Uid,
                    Name = app.Metadata.Name,
                    RoutesHash = NodeDocument.HashOf(app, rendered.Logins),
                }),
        ];
        var root =
            context.Node.Spec.Tls == TlsMode.Internal
                ? await context.Link!.GetFileAsync(context.CaddyId!, CaddyContainer.RootPath, cancellationToken)
                : null;
        status.Caddy = new CaddyStatus
        {
            ConfigHash = CaddyDocument.Hash(rendered.Text),
            ContainerId = context.CaddyId,
            Version = context.CaddyVersion,
            RootCertificate = root is null ? null : Encoding.ASCII.GetString(root),
        };
    }

    private static StepResult Refused(string error)
    {
        // Caddy logs JSON lines; the last one says what was wrong. A container that is just starting has no socket yet.
        var last = error.TrimEnd().Split('\n')[^1];
        return last.Contains("connect", StringComparison.Ordinal)
            ? StepResult.Requeue(Poll, ConfigInSync.DocumentRefused, "Caddy's admin socket does not answer yet")
            : StepResult.Requeue(Recheck, ConfigInSync.DocumentRefused, last);
    }

    private static bool Same(string running, string document) =>
        JsonNode.DeepEquals(JsonNode.Parse(running), JsonNode.Parse(document));
}
