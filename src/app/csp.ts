import { z } from 'zod'

// zod would try to compile its schemas with eval, which the page's policy forbids and reports.
z.config({ jitless: true })
