namespace Sam.Playground;

/// <summary>Counts what held and what did not; every check is one line on the screen.</summary>
internal sealed class Checks
{
    private int _failed;
    private int _passed;

    /// <summary>0 if all held.</summary>
    public int ExitCode => _failed == 0 && _passed > 0 ? 0 : 1;

    /// <summary>Notes one check.</summary>
    public bool That(bool holds, string what)
    {
        (holds ? ref _passed : ref _failed)++;
        World.Say($"{(holds ? "ok  " : "FAIL")} {what}");
        return holds;
    }

    /// <summary>The closing line.</summary>
    public void Close() => World.Say($"{_passed} checks passed, {_failed} failed");
}
