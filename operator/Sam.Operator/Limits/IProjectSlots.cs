using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Limits;

/// <summary>Who wants a slot.</summary>
/// <param name="Kind">Kind of the object, such as <c>DeploymentNode</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its UID.</param>
internal sealed record SlotHolder(string Kind, string Name, string Uid);

/// <summary>What a holder got.</summary>
internal abstract record SlotAnswer
{
    private SlotAnswer() { }

    /// <summary>The slot is its own, and durable.</summary>
    public sealed record Taken : SlotAnswer;

    /// <summary>There is no room now; asked again when the Project's status changes.</summary>
    public sealed record Refused(int Used, int Limit, string Why) : SlotAnswer;

    /// <summary>The Project starts nothing new.</summary>
    public sealed record Suspended(string Why) : SlotAnswer;

    /// <summary>The Project does not exist.</summary>
    public sealed record NoProject : SlotAnswer;
}

/// <summary>
/// Slots of Projects' limits. The one serialization point is a conditional write of the Project's status: of two that want the last slot,
/// in whatever replica, one is refused.
/// </summary>
internal interface IProjectSlots
{
    /// <summary>Takes a slot; taking it again changes nothing.</summary>
    /// <param name="namespace">Namespace of the Project.</param>
    /// <param name="project">Name of the Project.</param>
    /// <param name="kind">What is counted.</param>
    /// <param name="holder">Who holds it.</param>
    /// <param name="paidBy">Whose credential pays, as the resolver says.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    Task<SlotAnswer> TakeAsync(
        string @namespace,
        string project,
        SlotKind kind,
        SlotHolder holder,
        CredentialSource paidBy,
        CancellationToken cancellationToken
    );

    /// <summary>Gives a slot back; giving back what is not held changes nothing.</summary>
    Task ReturnAsync(string @namespace, string project, SlotKind kind, string holderUid, CancellationToken cancellationToken);
}
