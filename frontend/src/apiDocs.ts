import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";

// The document at /api/docs: what the API describes of itself, without a file from another server.
SwaggerUI({ url: "/api/openapi.json", dom_id: "#api-docs", deepLinking: true });
