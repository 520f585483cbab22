namespace Sam.Operator.Clients.Dns;

/// <summary>Asks the DNS.</summary>
public interface IDnsResolver
{
    /// <summary>The TXT records of a name.</summary>
    Task<TxtAnswer> TxtAsync(string name, CancellationToken cancellationToken);
}

/// <summary>What the DNS says of a name; no answer is not the same as no record.</summary>
public abstract record TxtAnswer
{
    private TxtAnswer() { }

    /// <summary>These records; none, if the name has none or does not exist.</summary>
    public sealed record Found(IReadOnlyList<string> Values) : TxtAnswer;

    /// <summary>Nobody answered, or not to the question.</summary>
    public sealed record Silent(string Message) : TxtAnswer;
}
