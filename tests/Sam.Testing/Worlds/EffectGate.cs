namespace Sam.Testing.Worlds;

/// <summary>Counts the effects that leave the operator (writes to the Kubernetes API and to the provider), and strikes at one of them.</summary>
public sealed class EffectGate
{
    private int? _at;
    private Strike _strike;
    private Action _act = () => { };

    /// <summary>Effects so far.</summary>
    public int Count { get; private set; }

    /// <summary>What was struck, in the order of the strikes.</summary>
    public List<string> Struck { get; } = [];

    /// <summary>Told of every effect right after it happened, before anybody else acts: what a test sees of the world then was true.</summary>
    public Action<string> Passed { get; set; } = _ => { };

    /// <summary>Strikes at the effect that comes after so many others.</summary>
    /// <param name="after">How many effects pass first.</param>
    /// <param name="strike">Whether the effect still happens.</param>
    /// <param name="act">What the strike is, such as the end of a process.</param>
    public void Arm(int after, Strike strike, Action act) => (_at, _strike, _act) = (Count + after, strike, act);

    /// <summary>Nothing is struck any more.</summary>
    public void Disarm() => _at = null;

    /// <summary>An effect arrives; false if it does not happen.</summary>
    internal bool Arrive(string effect)
    {
        if (Count++ != _at || _strike == Strike.After)
            return true;
        Hit(effect);
        return false;
    }

    /// <summary>It has happened, and its answer leaves; false if the answer is lost.</summary>
    internal bool Happened(string effect)
    {
        Passed(effect);
        if (Count - 1 != _at || _strike == Strike.Before)
            return true;
        Hit(effect);
        return false;
    }

    private void Hit(string effect)
    {
        _at = null;
        Struck.Add($"{_strike} {effect}");
        _act();
    }
}

/// <summary>On which side of an effect a strike falls.</summary>
public enum Strike
{
    /// <summary>Before it happens: it never does.</summary>
    Before,

    /// <summary>After it happened: nobody hears of it.</summary>
    After,
}
