namespace Sam.DevCluster.Json;

/// <summary>Field numbers of the messages that kubectl sends as protobuf: number:name:type, a star marks a repeated field.</summary>
internal static class ProtobufMessages
{
    private static readonly string[] Lines =
    [
        "Unknown=1:typeMeta:TypeMeta 2:raw:bytes",
        "TypeMeta=1:apiVersion:string 2:kind:string",
        "Time=1:seconds:int 2:nanos:int",
        "ObjectMeta=1:name:string 2:generateName:string 3:namespace:string 5:uid:string 6:resourceVersion:string 11:labels:map 12:annotations:map 13:ownerReferences:OwnerReference* 14:finalizers:string*",
        "OwnerReference=1:kind:string 3:name:string 4:uid:string 5:apiVersion:string 6:controller:bool 7:blockOwnerDeletion:bool",
        "Namespace=1:metadata:ObjectMeta 2:spec:NamespaceSpec",
        "NamespaceSpec=1:finalizers:string*",
        "ConfigMap=1:metadata:ObjectMeta 2:data:map 3:binaryData:bytesmap 4:immutable:bool",
        "Secret=1:metadata:ObjectMeta 2:data:bytesmap 3:type:string 4:stringData:map 5:immutable:bool",
        "ServiceAccount=1:metadata:ObjectMeta 2:secrets:ObjectReference* 3:imagePullSecrets:LocalObjectReference* 4:automountServiceAccountToken:bool",
        "LocalObjectReference=1:name:string",
        "ObjectReference=1:kind:string 2:namespace:string 3:name:string 4:uid:string 5:apiVersion:string 6:resourceVersion:string 7:fieldPath:string",
        "Role=1:metadata:ObjectMeta 2:rules:PolicyRule*",
        "ClusterRole=1:metadata:ObjectMeta 2:rules:PolicyRule*",
        "PolicyRule=1:verbs:string* 2:apiGroups:string+ 3:resources:string* 4:resourceNames:string* 5:nonResourceURLs:string*",
        "RoleBinding=1:metadata:ObjectMeta 2:subjects:Subject* 3:roleRef:RoleRef",
        "ClusterRoleBinding=1:metadata:ObjectMeta 2:subjects:Subject* 3:roleRef:RoleRef",
        "Subject=1:kind:string 2:apiGroup:string 3:name:string 4:namespace:string",
        "RoleRef=1:apiGroup:string 2:kind:string 3:name:string",
        "Lease=1:metadata:ObjectMeta 2:spec:LeaseSpec",
        "LeaseSpec=1:holderIdentity:string 2:leaseDurationSeconds:int 3:acquireTime:time 4:renewTime:time 5:leaseTransitions:int",
        "Deployment=1:metadata:ObjectMeta 2:spec:DeploymentSpec",
        "DeploymentSpec=1:replicas:int 2:selector:LabelSelector 3:template:PodTemplateSpec",
        "LabelSelector=1:matchLabels:map",
        "PodTemplateSpec=1:metadata:ObjectMeta 2:spec:PodSpec",
        "PodSpec=2:containers:Container* 3:restartPolicy:string 8:serviceAccountName:string",
        "Container=1:name:string 2:image:string 3:command:string* 4:args:string* 6:ports:ContainerPort* 7:env:EnvVar* 14:imagePullPolicy:string",
        "ContainerPort=1:name:string 2:hostPort:int 3:containerPort:int 4:protocol:string",
        "EnvVar=1:name:string 2:value:string",
        "Job=1:metadata:ObjectMeta 2:spec:JobSpec",
        "JobSpec=6:template:PodTemplateSpec",
        "SelfSubjectAccessReview=1:metadata:ObjectMeta 2:spec:SelfSubjectAccessReviewSpec",
        "SelfSubjectAccessReviewSpec=1:resourceAttributes:ResourceAttributes 2:nonResourceAttributes:NonResourceAttributes",
        "SelfSubjectRulesReview=1:metadata:ObjectMeta 2:spec:SelfSubjectRulesReviewSpec",
        "SelfSubjectRulesReviewSpec=1:namespace:string",
        "SelfSubjectReview=1:metadata:ObjectMeta",
        "SubjectAccessReview=1:metadata:ObjectMeta 2:spec:SubjectAccessReviewSpec",
        "LocalSubjectAccessReview=1:metadata:ObjectMeta 2:spec:SubjectAccessReviewSpec",
        "SubjectAccessReviewSpec=1:resourceAttributes:ResourceAttributes 2:nonResourceAttributes:NonResourceAttributes 3:user:string 4:groups:string* 6:uid:string",
        "TokenReview=1:metadata:ObjectMeta 2:spec:TokenReviewSpec",
        "TokenReviewSpec=1:token:string 2:audiences:string*",
        "TokenRequest=1:metadata:ObjectMeta 2:spec:TokenRequestSpec",
        "TokenRequestSpec=1:audiences:string* 3:boundObjectRef:BoundObjectReference 4:expirationSeconds:int",
        "BoundObjectReference=1:kind:string 2:apiVersion:string 3:name:string 4:uid:string",
        "ResourceAttributes=1:namespace:string 2:verb:string 3:group:string 4:version:string 5:resource:string 6:subresource:string 7:name:string",
        "NonResourceAttributes=1:path:string 2:verb:string",
        "DeleteOptions=1:gracePeriodSeconds:int 2:preconditions:Preconditions 3:orphanDependents:bool 4:propagationPolicy:string 5:dryRun:string*",
        "Preconditions=1:uid:string 2:resourceVersion:string",
    ];

    private static readonly Dictionary<string, Dictionary<int, ProtobufField>> Messages = Lines
        .Select(line => line.Split('='))
        .ToDictionary(pair => pair[0], pair => pair[1].Split(' ').Select(Field).ToDictionary(field => field.Number));

    /// <summary>The fields of a message by number; null when the message is unknown.</summary>
    public static IReadOnlyDictionary<int, ProtobufField>? Find(string name) => Messages.GetValueOrDefault(name);

    private static ProtobufField Field(string text)
    {
        var parts = text.Split(':');
        return new ProtobufField(int.Parse(parts[0]), parts[1], parts[2].TrimEnd('*', '+'), parts[2][^1] is '*' or '+');
    }
}

/// <summary>One field of a message.</summary>
internal sealed record ProtobufField(int Number, string Name, string Type, bool IsRepeated);
