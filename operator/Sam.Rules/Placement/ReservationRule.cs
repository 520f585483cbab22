namespace Sam.Rules.Placement;

/// <summary>
/// Resolves a reservation field by field: Workspace, agent profile, Project, operator. A field that is set and bad is a fault; no lower layer
/// hides it.
/// </summary>
public static class ReservationRule
{
    /// <summary>
    /// Least amounts: the kernel schedules no less than a hundredth of a CPU, and a number without its unit (<c>memory: 4</c>) is a mistake.
    /// </summary>
    public static readonly Amounts Least = new(10, 64L << 20, 1L << 30);

    /// <summary>Most amounts, far above what is for sale: sums of them do not overflow.</summary>
    public static readonly Amounts Most = new(1_000_000, 1L << 50, 1L << 50);

    /// <summary>Most co-tenants that can be asked for.</summary>
    public const int MostCoTenants = 100;

    /// <summary>Resolves.</summary>
    /// <param name="workspace">What the Workspace says; null if it says nothing.</param>
    /// <param name="profile">What the agent profile says.</param>
    /// <param name="project">What the Project says.</param>
    /// <param name="defaults">The operator's defaults.</param>
    /// <param name="read">Reads a Kubernetes quantity that is a number with a known suffix; see <see cref="QuantityText"/>.</param>
    public static ReservationResult Resolve(
        ResourceWish? workspace,
        ResourceWish? profile,
        ResourceWish? project,
        ReservationDefaults defaults,
        Func<string, decimal> read
    )
    {
        (ReservationLayer Layer, ResourceWish? Wish)[] layers =
        [
            (ReservationLayer.Workspace, workspace),
            (ReservationLayer.Profile, profile),
            (ReservationLayer.Project, project),
        ];
        var faults = new List<ReservationFault>();
        var set = new FieldPicker(layers, faults, read);
        var reservation = new Reservation(
            set.Amount("cpu", wish => wish.Cpu, Resource.Cpu, defaults.Amounts),
            set.Amount("memory", wish => wish.Memory, Resource.Memory, defaults.Amounts),
            set.Amount("disk", wish => wish.Disk, Resource.Disk, defaults.Amounts),
            set.First(wish => wish.ExclusiveMachine) is { } exclusive
                ? new(exclusive.Value, exclusive.Layer)
                : new(defaults.ExclusiveMachine, ReservationLayer.Operator),
            set.CoTenants(defaults.MaxCoTenants)
        );
        return faults.Count == 0 ? new ReservationResult.Resolved(reservation) : new ReservationResult.Faulty(faults);
    }

    /// <summary>Takes each field from the best layer that sets it, and notes what is wrong with it.</summary>
    private sealed class FieldPicker(
        (ReservationLayer Layer, ResourceWish? Wish)[] layers,
        List<ReservationFault> faults,
        Func<string, decimal> read
    )
    {
        public (T Value, ReservationLayer Layer, string Path)? First<T>(Func<ResourceWish, T?> field)
            where T : struct
        {
            foreach (var (layer, wish) in layers)
            {
                if (wish is not null && field(wish) is { } value)
                    return (value, layer, wish.Path);
            }

            return null;
        }

        public Sourced<long> Amount(string name, Func<ResourceWish, string?> field, Resource resource, Amounts defaults)
        {
            var (layer, wish) = Array.Find(layers, one => one.Wish is { } set && field(set) is not null);
            if (wish is null || field(wish) is not { } text)
                return new(defaults.Of(resource), ReservationLayer.Operator);
            var path = $"{wish.Path}.{name}";
            if (!QuantityText.IsWellFormed(text))
                return Fault(
                    layer,
                    path,
                    ReservationFaultKind.NotAQuantity,
                    $"{Shown(text)} is not a quantity such as {Example(resource)}"
                );
            // What is asked for is rounded up: less would not be what was asked for.
            var amount = Math.Ceiling(read(text) * (resource == Resource.Cpu ? 1000 : 1));
            if (amount < Least.Of(resource))
                return Fault(
                    layer,
                    path,
                    ReservationFaultKind.TooSmall,
                    $"{text} is less than {Least.Text(resource)}; is a suffix missing, as in {Example(resource)}?"
                );
            return amount > Most.Of(resource)
                ? Fault(layer, path, ReservationFaultKind.TooLarge, $"{text} is more than {Most.Text(resource)}")
                : new((long)amount, layer);
        }

        public Sourced<int> CoTenants(int otherwise)
        {
            if (First(wish => wish.MaxCoTenants) is not { } most)
                return new(otherwise, ReservationLayer.Operator);
            if (most.Value is >= 0 and <= MostCoTenants)
                return new(most.Value, most.Layer);
            var kind = most.Value < 0 ? ReservationFaultKind.TooSmall : ReservationFaultKind.TooLarge;
            faults.Add(new(most.Layer, $"{most.Path}.maxCoTenants", kind, $"{most.Value} is not between 0 and {MostCoTenants}"));
            return new(0, most.Layer);
        }

        private Sourced<long> Fault(ReservationLayer layer, string path, ReservationFaultKind kind, string why)
        {
            faults.Add(new(layer, path, kind, why));
            return new(0, layer);
        }

        // Somebody may have pasted a page, or a secret, into the wrong field.
        private static string Shown(string text) => text.Length <= QuantityText.MostCharacters ? $"\"{text}\"" : "the value";

        private static string Example(Resource resource) =>
            resource switch
            {
                Resource.Cpu => "500m or 2",
                Resource.Memory => "4Gi",
                _ => "40Gi",
            };
    }
}
