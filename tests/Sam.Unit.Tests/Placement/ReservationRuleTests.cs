using k8s.Models;
using Sam.Rules.Placement;
using static Sam.Unit.Tests.Placement.PlacementSamples;

namespace Sam.Unit.Tests.Placement;

/// <summary>Each field from the best layer that sets it; what is written badly is told where it is written, and nothing hides it.</summary>
public sealed class ReservationRuleTests
{
    private static readonly ResourceWish s_profile = new("spec.agentProfiles[coder].resources", Memory: "16Gi", MaxCoTenants: 1);

    private static readonly ResourceWish s_project = new("spec.resources", "1", "1Gi", "20Gi", true, 2);

    [Fact]
    public void Where_nobody_says_anything_the_defaults_of_the_operator_hold()
    {
        var reservation = Resolved(null, null, null);

        Assert.Equal(new Amounts(2000, 4 * Gi, 40 * Gi), reservation.Amounts);
        Assert.Equal((false, 4), (reservation.ExclusiveMachine.Value, reservation.MaxCoTenants.Value));
        Assert.Equal(ReservationLayer.Operator, reservation.Source);
    }

    [Fact]
    public void Each_field_has_its_own_source()
    {
        var reservation = Resolved(new("spec.resources", Cpu: "4"), s_profile, s_project);

        Assert.Equal(new Sourced<long>(4000, ReservationLayer.Workspace), reservation.CpuMillis);
        Assert.Equal(new Sourced<long>(16 * Gi, ReservationLayer.Profile), reservation.MemoryBytes);
        Assert.Equal(new Sourced<long>(20 * Gi, ReservationLayer.Project), reservation.DiskBytes);
        Assert.Equal(new Sourced<bool>(true, ReservationLayer.Project), reservation.ExclusiveMachine);
        Assert.Equal(new Sourced<int>(1, ReservationLayer.Profile), reservation.MaxCoTenants);
        Assert.Equal(ReservationLayer.Workspace, reservation.Source);
    }

    [Fact]
    public void An_explicit_no_wins_over_a_yes_below_it()
    {
        var reservation = Resolved(new("spec.resources", ExclusiveMachine: false, MaxCoTenants: 0), null, s_project);

        Assert.Equal(new Sourced<bool>(false, ReservationLayer.Workspace), reservation.ExclusiveMachine);
        Assert.Equal(new Sourced<int>(0, ReservationLayer.Workspace), reservation.MaxCoTenants);
    }

    [Theory]
    [InlineData("500m", 500)]
    [InlineData("2", 2000)]
    [InlineData("0.5", 500)]
    [InlineData("1.0001", 1001)]
    [InlineData("10m", 10)]
    public void CPU_is_counted_in_thousandths_and_rounded_up(string text, long millis) =>
        Assert.Equal(millis, Resolved(new("spec.resources", Cpu: text), null, null).CpuMillis.Value);

    [Theory]
    [InlineData("4Gi", 4L << 30)]
    [InlineData("512Mi", 512L << 20)]
    [InlineData("1.5Gi", 3L << 29)]
    [InlineData("4G", 4_000_000_000)]
    [InlineData("1048576k", 1_048_576_000)]
    [InlineData("4294967296", 4L << 30)]
    [InlineData("1Ti", 1L << 40)]
    [InlineData("1T", 1_000_000_000_000)]
    [InlineData("300M", 300_000_000)]
    [InlineData("65536Ki", 64L << 20)]
    [InlineData("100000000000m", 100_000_000)]
    public void Memory_is_counted_in_bytes(string text, long bytes) =>
        Assert.Equal(bytes, Resolved(new("spec.resources", Memory: text), null, null).MemoryBytes.Value);

    [Theory]
    [InlineData("")]
    [InlineData("many")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("4 Gi")]
    [InlineData("4GB")]
    [InlineData("4gi")]
    [InlineData("1,5")]
    [InlineData(".5")]
    [InlineData("4Gi\n")]
    [InlineData("٤")]
    [InlineData("1e3")]
    [InlineData("1e999999999")]
    [InlineData("9999999999999")]
    public void What_is_not_a_quantity_is_told_with_its_path(string text)
    {
        var fault = Assert.Single(Faults(new("spec.resources", Memory: text), s_profile, s_project));

        Assert.Equal(
            (ReservationLayer.Workspace, "spec.resources.memory", ReservationFaultKind.NotAQuantity),
            (fault.Layer, fault.Path, fault.Kind)
        );
    }

    [Theory]
    [InlineData("9m", null, null, "spec.resources.cpu", ReservationFaultKind.TooSmall)]
    [InlineData("0", null, null, "spec.resources.cpu", ReservationFaultKind.TooSmall)]
    [InlineData("1001", null, null, "spec.resources.cpu", ReservationFaultKind.TooLarge)]
    [InlineData(null, "4", null, "spec.resources.memory", ReservationFaultKind.TooSmall)]
    [InlineData(null, "999999Ti", null, "spec.resources.memory", ReservationFaultKind.TooLarge)]
    [InlineData(null, null, "40", "spec.resources.disk", ReservationFaultKind.TooSmall)]
    public void What_no_container_or_no_Machine_could_have_is_told(
        string? cpu,
        string? memory,
        string? disk,
        string path,
        ReservationFaultKind kind
    )
    {
        var fault = Assert.Single(Faults(new("spec.resources", cpu, memory, disk), null, null));

        Assert.Equal((path, kind), (fault.Path, fault.Kind));
    }

    [Fact]
    public void All_faults_are_told_at_once_each_with_its_layer()
    {
        var faults = Faults(
            new("spec.resources", Cpu: "lots", MaxCoTenants: -1),
            s_profile with
            {
                Memory = "much",
            },
            s_project with
            {
                Disk = "wide",
            }
        );

        Assert.Equal(
            [
                (ReservationLayer.Workspace, "spec.resources.cpu"),
                (ReservationLayer.Profile, "spec.agentProfiles[coder].resources.memory"),
                (ReservationLayer.Project, "spec.resources.disk"),
                (ReservationLayer.Workspace, "spec.resources.maxCoTenants"),
            ],
            faults.Select(fault => (fault.Layer, fault.Path))
        );
    }

    [Fact]
    public void A_bad_value_that_a_better_layer_replaces_harms_nobody() =>
        Assert.Equal(1000, Resolved(new("spec.resources", Cpu: "1"), null, s_project with { Cpu = "lots" }).CpuMillis.Value);

    [Fact]
    public void A_page_in_the_wrong_field_is_not_repeated()
    {
        var secret = new string('s', 4000);

        var fault = Assert.Single(Faults(new("spec.resources", Cpu: secret), null, null));

        Assert.DoesNotContain("sss", fault.Why, StringComparison.Ordinal);
    }

    private static Reservation Resolved(ResourceWish? workspace, ResourceWish? profile, ResourceWish? project) =>
        Assert.IsType<ReservationResult.Resolved>(Resolve(workspace, profile, project)).Reservation;

    private static IReadOnlyList<ReservationFault> Faults(
        ResourceWish? workspace,
        ResourceWish? profile,
        ResourceWish? project
    ) => Assert.IsType<ReservationResult.Faulty>(Resolve(workspace, profile, project)).Faults;

    // As the operator reads them: by the library that knows Kubernetes.
    private static ReservationResult Resolve(ResourceWish? workspace, ResourceWish? profile, ResourceWish? project) =>
        ReservationRule.Resolve(
            workspace,
            profile,
            project,
            ReservationDefaults.BuiltIn,
            text => new ResourceQuantity(text).ToDecimal()
        );
}
