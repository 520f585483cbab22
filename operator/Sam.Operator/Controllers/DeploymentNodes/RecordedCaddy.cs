using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>How Caddy behaves on a record-only engine: a reload makes the document the running one.</summary>
internal static class RecordedCaddy
{
    /// <summary>A script in which every image exists and turns healthy, and Caddy reloads.</summary>
    public static EngineScript Script() => new EngineScript().OnExec(IsReload, Reload);

    private static bool IsReload(ExecCall call) => call.Command is ["caddy", "reload", ..];

    private static ExecResult Reload(ExecCall call)
    {
        call.Files[CaddyContainer.RunningPath] = call.Files[CaddyContainer.DocumentPath];
        return new ExecResult(0, "", "");
    }
}
