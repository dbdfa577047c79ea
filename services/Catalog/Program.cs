using ApiSvc.Catalog.GatewayConfiguration;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Data;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase("catalogdb");
builder.AddGatewayConfiguration();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGatewayConfiguration();
return await app.RunServiceAsync(args);
