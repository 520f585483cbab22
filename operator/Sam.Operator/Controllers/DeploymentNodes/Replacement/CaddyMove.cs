using Sam.Operator.Clients.Docker;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.DeploymentNodes.Replacement;

/// <summary>Brings Caddy to another VM with its certificates and keys, not started: repeating it is harmless.</summary>
internal sealed class CaddyMove(CaddyMaker maker, IEventRecorder events)
{
    /// <summary>Null once it is there; else what the node has to wait for.</summary>
    /// <exception cref="EngineException">One of the engines does not answer.</exception>
    public async Task<StepResult?> PrepareAsync(DeploymentNodeContext context, CancellationToken cancellationToken)
    {
        var (from, to) = (context.Host, context.Other.Link!);
        if (await maker.PullAsync(context.Node, to, cancellationToken) is { } fault)
            return fault;
        var target =
            await CaddyContainer.FindAsync(to, context.Node.Metadata.Uid, cancellationToken)
            ?? await maker.CreateAsync(context.Node, context.Apps, to, cancellationToken);
        if (await DataOfAsync(context, from.Link, cancellationToken) is { } data)
            await to.PutFolderAsync(target.Id, CaddyContainer.DataFolder, data, cancellationToken);
        return null;
    }

    private async Task<byte[]?> DataOfAsync(
        DeploymentNodeContext context,
        IMachineLink? from,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var source = from is null ? null : await CaddyContainer.FindAsync(from, context.Node.Metadata.Uid, cancellationToken);
            return source is null
                ? null
                : await from!.GetFolderAsync(source.Id, $"{CaddyContainer.DataFolder}/caddy", cancellationToken);
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.Unreachable && ReplacementRule.IsLost(context.Machine!))
        {
            events.Record(
                context.Node,
                "CertificatesNotMoved",
                "The old VM is gone, so that Caddy asks for its certificates anew",
                isWarning: true
            );
            return null;
        }
    }
}
