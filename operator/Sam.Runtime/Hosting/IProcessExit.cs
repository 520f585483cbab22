namespace Sam.Runtime.Hosting;

/// <summary>Ends this process; a seam, so that a test sees it happen.</summary>
public interface IProcessExit
{
    /// <summary>Ends the process at once, without draining anything.</summary>
    /// <param name="code">One of <see cref="ExitCodes"/>.</param>
    void Exit(int code);
}

/// <summary>The real end.</summary>
internal sealed class ProcessExit : IProcessExit
{
    public void Exit(int code) => Environment.Exit(code);
}

/// <summary>What a process says by its exit code.</summary>
public static class ExitCodes
{
    /// <summary>The lease was lost: another process may lead, so this one ended at once (EX_TEMPFAIL; start it again).</summary>
    public const int LeaseLost = 75;
}
