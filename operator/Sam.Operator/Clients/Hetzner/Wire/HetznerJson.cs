using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sam.Operator.Clients.Hetzner.Wire;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(ServersPage))]
[JsonSerializable(typeof(ServerTypesPage))]
[JsonSerializable(typeof(LocationsPage))]
[JsonSerializable(typeof(ImagesPage))]
[JsonSerializable(typeof(SshKeysPage))]
[JsonSerializable(typeof(PricingAnswer))]
[JsonSerializable(typeof(ServerAnswer))]
[JsonSerializable(typeof(CreateServerAnswer))]
[JsonSerializable(typeof(ActionAnswer))]
[JsonSerializable(typeof(OptionalActionAnswer))]
[JsonSerializable(typeof(SshKeyAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(CreateServerBody))]
[JsonSerializable(typeof(CreateSshKeyBody))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(VolumesPage))]
[JsonSerializable(typeof(PrimaryIpsPage))]
[JsonSerializable(typeof(FirewallsPage))]
[JsonSerializable(typeof(NetworksPage))]
[JsonSerializable(typeof(VolumeAnswer))]
[JsonSerializable(typeof(PrimaryIpAnswer))]
[JsonSerializable(typeof(FirewallAnswer))]
[JsonSerializable(typeof(CreateVolumeBody))]
[JsonSerializable(typeof(ResizeBody))]
[JsonSerializable(typeof(AttachBody))]
[JsonSerializable(typeof(LabelsBody))]
[JsonSerializable(typeof(NameBody))]
[JsonSerializable(typeof(AssignBody))]
[JsonSerializable(typeof(KeepAddressBody))]
[JsonSerializable(typeof(CreateFirewallBody))]
[JsonSerializable(typeof(RulesBody))]
[JsonSerializable(typeof(ApplyBody))]
internal sealed partial class HetznerJson : JsonSerializerContext;
