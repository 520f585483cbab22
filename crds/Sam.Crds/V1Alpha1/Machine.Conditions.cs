using Sam.Runtime.Conditions;

namespace Sam.Crds.V1Alpha1;

/// <summary>Conditions and reasons of a Machine.</summary>
public static class MachineConditions
{
    /// <summary>Whether the credential that pays is known and copied.</summary>
    public static class CredentialsReady
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new(
            "CredentialsReady",
            "The provider's token is resolved and kept until the server is gone."
        );

        /// <summary>A token is known.</summary>
        public static readonly Reason TokenResolved = Type.True("A provider token was found; the message says where.");

        /// <summary>No layer has a token.</summary>
        public static readonly Reason TokenMissing = Type.False(
            "No Project entry and no labelled Secret has a token; create the Secret that the message names."
        );

        /// <summary>The Project does not exist.</summary>
        public static readonly Reason ProjectNotFound = Type.False("The Project does not exist; create it or change projectRef.");
    }

    /// <summary>Whether the server exists at the provider.</summary>
    public static class Provisioned
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("Provisioned", "The provider runs the server.");

        /// <summary>The provider runs it.</summary>
        public static readonly Reason ServerRunning = Type.True("The provider lists the server as running.");

        /// <summary>The provider makes it.</summary>
        public static readonly Reason ServerCreating = Type.False("The server was bought; the provider is making it.");

        /// <summary>It waits for the answers to other orders.</summary>
        public static readonly Reason OrderQueued = Type.False("Other orders of the account are on their way.");

        /// <summary>An offer was refused.</summary>
        public static readonly Reason NoCapacity = Type.False("No offer has capacity now; the next try comes by itself.");

        /// <summary>The account's limit is reached.</summary>
        public static readonly Reason QuotaExceeded = Type.False(
            "The account's limit is reached; delete servers or ask the provider for more."
        );

        /// <summary>The Project has no room.</summary>
        public static readonly Reason LimitExceeded = Type.False(
            "The Project's limit or the platform's quota is reached; free something or raise it, and the Machine goes on by itself."
        );

        /// <summary>The Project starts nothing new.</summary>
        public static readonly Reason ProjectSuspended = Type.False(
            "The Project is suspended or being deleted, and nothing is bought for it; it goes on when spec.suspend is false."
        );

        /// <summary>The platform forbids it.</summary>
        public static readonly Reason PolicyForbids = Type.False(
            "The platform policy does not let this namespace have such a VM; ask for another, or ask the platform team."
        );

        /// <summary>The provider cannot build this.</summary>
        public static readonly Reason RequestRejected = Type.False(
            "The provider cannot build this spec; the message says why; change the spec."
        );

        /// <summary>The provider refuses the token.</summary>
        public static readonly Reason TokenRefused = Type.False(
            "The provider refuses the token; put a valid one into the Secret that CredentialsReady names, and it goes on by itself."
        );

        /// <summary>No offer exists.</summary>
        public static readonly Reason NoOffer = Type.False(
            "No offer is left that the provider sells below the price limit; change size, type, locations or price."
        );

        /// <summary>It was deleted behind our back.</summary>
        public static readonly Reason ServerGone = Type.False(
            "The server existed and is gone at the provider; delete the Machine to get a new one."
        );

        /// <summary>It is switched off.</summary>
        public static readonly Reason ServerOff = Type.False("The server exists and is switched off; SAM switches it on.");

        /// <summary>The name belongs to a server that is not ours.</summary>
        public static readonly Reason NameTaken = Type.False(
            "A server of this name exists without our labels; rename or delete it at the provider."
        );

        /// <summary>The server still exists.</summary>
        public static readonly Reason ServerDeleting = Type.False("The server is being deleted; the message names its id.");

        /// <summary>Nothing can be deleted now.</summary>
        public static readonly Reason DeletionBlocked = Type.False(
            "The delete cannot go on; the message names what is left at the provider and what to do; it goes on by itself then."
        );

        /// <summary>Another address comes.</summary>
        public static readonly Reason AddressMoving = Type.False(
            "The server is switched off for a moment and takes over the address of the Machine that it replaced."
        );

        /// <summary>The server that is to be taken over is not this Machine's.</summary>
        public static readonly Reason AdoptionRefused = Type.False(
            "The server that is to be taken over is not there, or its labels are not this Machine's; nothing is bought instead."
        );

        /// <summary>The provider did not come to an end.</summary>
        public static readonly Reason CreateTimedOut = Type.False(
            "The server has no address 15 minutes after it was bought; look at it at the provider, or delete the Machine."
        );
    }

    /// <summary>Whether the Machine has the volumes it asks for.</summary>
    public static class VolumesReady
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new(
            "VolumesReady",
            "Every volume that is asked for exists, is attached and has its size."
        );

        /// <summary>It has.</summary>
        public static readonly Reason VolumesAttached = Type.True("All volumes are attached; the message says where.");

        /// <summary>The provider has none to give now.</summary>
        public static readonly Reason VolumeWaiting = Type.False(
            "A volume cannot be had or attached now; the message says why; it is tried again."
        );

        /// <summary>It was deleted behind our back.</summary>
        public static readonly Reason VolumeGone = Type.False(
            "A volume was deleted at the provider, and its data with it; take it from spec.volumes."
        );

        /// <summary>It cannot shrink.</summary>
        public static readonly Reason VolumeShrinks = Type.False(
            "A volume is larger than what is asked for, and volumes only grow; ask for its size, or for another volume."
        );

        /// <summary>The name belongs to a volume that is not ours.</summary>
        public static readonly Reason VolumeTaken = Type.False(
            "A volume of this name exists without our labels; rename or delete it at the provider."
        );
    }

    /// <summary>Whether the first boot came to its end.</summary>
    public static class Booted
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("Booted", "The engine answered once with the pinned key.");

        /// <summary>It did.</summary>
        public static readonly Reason EngineAnswered = Type.True("The engine answered with the pinned key.");

        /// <summary>Not yet.</summary>
        public static readonly Reason AwaitingEngine = Type.False("The server runs; the engine does not answer yet.");

        /// <summary>It took too long.</summary>
        public static readonly Reason BootTimedOut = Type.False(
            "The engine did not answer within 15 minutes of boot; look at the server's console, or delete the Machine."
        );

        /// <summary>Someone else answers.</summary>
        public static readonly Reason WrongKey = Type.False(
            "The address answers with another key than the pinned one; nothing is sent to it."
        );
    }

    /// <summary>Whether the engine answers now.</summary>
    public static class Reachable
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("Reachable", "The engine answers now.");

        /// <summary>It does.</summary>
        public static readonly Reason EngineAnswers = Type.True("The engine answers.");

        /// <summary>It does not; it may be alive.</summary>
        public static readonly Reason EngineSilent = Type.Unknown(
            "The engine does not answer; it is asked again. Nothing is decided from silence."
        );
    }

    /// <summary>All conditions, in the order in which users read them.</summary>
    public static readonly IReadOnlyList<ConditionType> All =
    [
        CredentialsReady.Type,
        Provisioned.Type,
        VolumesReady.Type,
        Booted.Type,
        Reachable.Type,
    ];
}
