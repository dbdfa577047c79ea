using ApiSvc.AiAdapter.Formats.ChatCompletions;
using ApiSvc.AiAdapter.Formats.Responses;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Azure;

/// <summary>
/// Azure OpenAI: OpenAI's formats at other addresses. A deployment with an API version speaks the classic
/// form with the deployment in the path; without one, v1 with it in the body.
/// </summary>
internal static class AzureFamilies
{
    public static ProviderFamily Chat { get; } =
        ChatFamily.Family with
        {
            Name = FormatNames.AzureOpenAi,
            WriteRequest = (request, context) =>
                ChatRequestWriter.Write(
                    request,
                    context,
                    body => Address(context.Deployment, "chat/completions", body)
                ),
            WriteThrough = (body, _, context) =>
                Address(context.Deployment, "chat/completions", body),
        };

    public static ProviderFamily Responses { get; } =
        ResponsesFamily.Family with
        {
            Name = FormatNames.AzureOpenAi + "-responses",
            WriteRequest = (request, context) =>
                ResponsesRequestWriter.Write(
                    request,
                    context,
                    body => Address(context.Deployment, "responses", body)
                ),
            WriteThrough = (body, _, context) => Address(context.Deployment, "responses", body),
        };

    public static ProviderRequest Address(
        Deployment deployment,
        string operation,
        ReadOnlyMemory<byte> body
    )
    {
        if (deployment.ApiVersion is not { } version)
        {
            return ProviderAddress.Make(deployment, $"/openai/v1/{operation}", body);
        }

        // Responses has never had the deployment in its path.
        var place =
            operation == "responses"
                ? "/openai/responses"
                : $"/openai/deployments/{Uri.EscapeDataString(deployment.Model)}/{operation}";
        return ProviderAddress.Make(
            deployment,
            $"{place}?api-version={Uri.EscapeDataString(version)}",
            body
        );
    }
}
