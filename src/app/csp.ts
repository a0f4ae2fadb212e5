import { z } from 'zod'

// zod would try to compile its schemas with eval, which the policy of the page forbids and reports.
z.config({ jitless: true })
